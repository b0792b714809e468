import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isNestedDeeper } from '../src/raw-json/is-nested-deeper.ts';
import { minifyJson } from '../src/raw-json/minify-json.ts';
import { splitArray, splitObject } from '../src/raw-json/split-json.ts';

/** JSON with white space wherever it may stand. */
const spacedJson = fc
  .tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, 2, '\t', ' \n'))
  .map(([value, space]) => ({ value, text: `\r\n ${JSON.stringify(value, null, space)}\t` }));

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('minifyJson', () => {
  const cases: [text: string, minified: string, depth: number][] = [
    ['1.10', '1.10', 0],
    [' 12345678901234567890 ', '12345678901234567890', 0],
    ['{ "a" : 1.0e+2 , "a" : -0 }', '{"a":1.0e+2,"a":-0}', 1],
    ['"a \\" b \\\\"', '"a \\" b \\\\"', 0],
    ['[ "{" , "]" , [ ] , { } ]', '["{","]",[],{}]', 2],
    ['{"\\u0041 b":"\\u0000"}', '{"\\u0041 b":"\\u0000"}', 1],
    ['\n[\r\n\t[ [ ] ]\n]\n', '[[[]]]', 3],
    ['"  "', '"  "', 0],
  ];
  test.each(cases)('%j is %j, %d deep', (text, minified, depth) => {
    expect(minifyJson(text)).toBe(minified);
    expect([0, 1, 2, 3].filter((levels) => isNestedDeeper(text, levels))).toHaveLength(depth);
  });

  test('takes white space alone, for any JSON', () => {
    fc.assert(
      fc.property(spacedJson, ({ value, text }) => {
        expect(minifyJson(text)).toBe(JSON.stringify(value));
        expect([0, 1, 2, 3, 4, 5, 6].filter((levels) => isNestedDeeper(text, levels))).toHaveLength(depthOf(value));
      }),
    );
  });

  test('what is minified stays as it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(minifyJson(text)).toBe(text);
      }),
    );
  });
});

describe('isNestedDeeper', () => {
  test.each(['"[[[', '"[[[\\', '"\\"[[[', ']]]', '', '"[[["]]', '{"a":"{{{"}'])('takes %j, JSON or not', (text) => {
    expect(isNestedDeeper(text, 2)).toBe(false);
  });
});

describe('splitObject and splitArray', () => {
  test('members and elements stand as they were written', () => {
    const members = splitObject('{"n":1.10,"s":"a,}\\"","o":{"x":[1,{}]},"\\u0061":null,"":[]}');
    expect([...members]).toEqual([
      ['n', '1.10'],
      ['s', '"a,}\\""'],
      ['o', '{"x":[1,{}]}'],
      ['a', 'null'],
      ['', '[]'],
    ]);
    expect(splitArray('[1.10,"a,]",{"x":[1,2]},[],null]')).toEqual(['1.10', '"a,]"', '{"x":[1,2]}', '[]', 'null']);
  });

  test('nothing is in an empty one', () => {
    expect(splitObject('{}').size).toBe(0);
    expect(splitArray('[]')).toEqual([]);
  });

  test('of a name that stands twice the last wins, as for JSON.parse', () => {
    expect(splitObject('{"a":1,"b":2,"\\u0061":3}').get('a')).toBe('3');
  });

  test('put together again they are the same text, for any JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), (object, array) => {
        const members = [...splitObject(JSON.stringify(object))].map(
          ([name, text]) => `${JSON.stringify(name)}:${text}`,
        );
        expect(`{${members.join(',')}}`).toBe(JSON.stringify(object));
        expect(`[${splitArray(JSON.stringify(array)).join(',')}]`).toBe(JSON.stringify(array));
      }),
    );
  });
});
