import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseInSteps } from '../src/raw-json/parse-in-steps.ts';

/** What it gives, or `wrong`; and in how many steps. */
function inSteps(text: string, pieceCharacters?: number): { result: unknown; steps: number } {
  const parsing = parseInSteps(text, pieceCharacters);
  for (let steps = 1; ; steps += 1) {
    try {
      const { done, value } = parsing.next();
      if (done) return { result: { value }, steps };
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError);
      return { result: 'wrong', steps };
    }
  }
}

function atOnce(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return 'wrong';
  }
}

/** With its keys in their order, which no comparison of values sees. */
const shown = (result: unknown): string => JSON.stringify(result);

const pieces = fc.integer({ min: 1, max: 30 });
const key = fc.oneof(fc.constantFrom('a', 'b', '1', '0', '__proto__', '', '"', '\\', '{', ',', ']'), fc.string());
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(fc.constantFrom(0, -1.5e3, null, true, '', '[', '},{', '\\"', 'é\u2028'), fc.string(), fc.double()),
    fc.array(tie('value'), { maxLength: 8, size: 'max' }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 8, size: 'max' }).map((members) => new Map(members)),
  ),
}));

/** JSON with white space and keys that stand twice. */
function textOf(value: unknown, space: string): string {
  const spaced = (text: string) => `${space}${text}${space}`;
  if (Array.isArray(value)) return spaced(`[${value.map((each) => textOf(each, space)).join(',') || space}]`);
  if (!(value instanceof Map)) return spaced(JSON.stringify(value) ?? 'null');
  const members = [...value].map(([name, member]) => `${spaced(JSON.stringify(name))}:${textOf(member, space)}`);
  const [first] = members;
  return spaced(`{${[...members, ...(members.length > 2 && first ? [first] : [])].join(',') || space}}`);
}

const jsonText = fc.tuple(anyValue, fc.constantFrom('', ' ', '\n\t')).map(([value, space]) => textOf(value, space));

test('In steps JSON becomes what it becomes at once, keys in the same order', () => {
  fc.assert(
    fc.property(jsonText, pieces, (text, pieceCharacters) => {
      const { result } = inSteps(text, pieceCharacters);
      expect(result).toEqual(atOnce(text));
      expect(shown(result)).toBe(shown(atOnce(text)));
    }),
    { numRuns: 400 },
  );
});

const edit = fc.record({
  at: fc.nat(1_000),
  cut: fc.nat(3),
  insert: fc.constantFrom('', ',', ',,', '[', ']', '{', '}', '"', ':', '0', ' ', 'null', '\\', '[]', '{}', '"a":', 'x'),
});

test('What is refused at once is refused in steps, and nothing else', () => {
  fc.assert(
    fc.property(jsonText, fc.array(edit, { minLength: 1, maxLength: 3 }), pieces, (json, edits, pieceCharacters) => {
      let text = json;
      for (const { at, cut, insert } of edits) {
        const index = at % (text.length + 1);
        text = text.slice(0, index) + insert + text.slice(index + cut);
      }
      expect(shown(inSteps(text, pieceCharacters).result)).toBe(shown(atOnce(text)));
    }),
    { numRuns: 1_500 },
  );
});

const mark = fc.constantFrom('', ',', ':', '[', ']', '{', '}');

test('The same goes for JSON in which one comma, colon or bracket is another or none', () => {
  fc.assert(
    fc.property(jsonText, fc.nat(), mark, pieces, (json, place, other, pieceCharacters) => {
      const marks = [...json.matchAll(/[,:[\]{}]/g)];
      const { index = 0 } = marks[place % Math.max(1, marks.length)] ?? {};
      const text = json.slice(0, index) + other + json.slice(index + 1);
      expect(shown(inSteps(text, pieceCharacters).result)).toBe(shown(atOnce(text)));
    }),
    { numRuns: 1_500 },
  );
});

test.each([
  '[[[0,0]],[[0,0]]]',
  '[[[0,0]][[0,0]]]',
  '[[[0,0]]{"a":[0,0]}]',
  '{"a":[[0,0]],"b":[[0,0]]}',
  '{"a":[[0,0]]"b":[[0,0]]}',
  '{"a":[[0,0]][[0,0]]}',
  '{"a"[[0,0]]}',
  '{[[0,0]]}',
  '[0[[0,0]]]',
  '["a":[[0,0]]]',
  '[[0,0]]0',
  '[[[0,0]],]',
  '[,[[0,0]]]',
  '{"__proto__":{"a":[0,0]},"b":[0,0]}',
  '{"a":[[0,0]],"a":[[1,1]],"b":0,"a":[[2,2]]}',
])('%s is judged alike, whatever its pieces', (text) => {
  for (let pieceCharacters = 1; pieceCharacters < text.length; pieceCharacters += 1) {
    expect(shown(inSteps(text, pieceCharacters).result)).toBe(shown(atOnce(text)));
  }
});

const structure = fc.array(fc.constantFrom('[', ']', '{', '}', ',', ':', '"a"', '1', ' ', '[]', '{}'), {
  maxLength: 12,
  size: 'max',
});

test('The same goes for whatever of brackets, commas and values', () => {
  fc.assert(
    fc.property(structure, fc.integer({ min: 1, max: 6 }), (parts, pieceCharacters) => {
      const text = parts.join('');
      expect(shown(inSteps(text, pieceCharacters).result)).toBe(shown(atOnce(text)));
    }),
    { numRuns: 8_000 },
  );
});

const values = (count: number, value: string) => Array.from({ length: count }, () => value).join(',');

test.each([
  ['a long array', `[${values(400_000, '0')}]`],
  ['a long object', `{${Array.from({ length: 60_000 }, (_, index) => `"key ${index}":0`).join(',')}}`],
  ['a long array in an object in an array', `[{"a":1,"b":{"c":[${values(300_000, '{}')}],"d":2}},3]`],
  ['an array of arrays', `[${values(200, `[${values(2_000, '0')}]`)}]`],
])('Of %s a step parses some 64 KiB', (_, text) => {
  const { result, steps } = inSteps(text);
  expect(shown(result)).toBe(shown({ value: JSON.parse(text) as unknown }));
  expect(steps).toBeGreaterThanOrEqual(Math.floor(text.length / 80_000));
});

test('What is short is parsed in one step', () => {
  expect(inSteps('{"events":[{"type":"a","data":{}}]}').steps).toBe(1);
});
