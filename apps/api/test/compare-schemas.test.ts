import { expect, test } from '@jest/globals';
import { compareSchemas } from '@posthorn/domain/event-type/compare-schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { compareSchemaTexts } from '../src/events/compare-schema-texts.ts';

// A small world, so that values and schemas meet.
const NAMES = ['a', 'b', 'c'];
const name = fc.constantFrom(...NAMES);
const scalar = fc.constantFrom<unknown>(null, true, false, -1, 0, 1, 2, 3, 4, 0.5, 1.5, '', 'a', 'ab', 'abc');
const value: fc.Arbitrary<unknown> = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('json'), { maxLength: 3 }) },
    { weight: 3, arbitrary: fc.dictionary(name, tie('json'), { maxKeys: 3 }) },
  ),
})).json;

const LIMITS =
  'minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems minProperties maxProperties'.split(
    ' ',
  );
const small = fc.integer({ min: 0, max: 3 });
const type = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
const keyword: fc.Arbitrary<object> = fc.oneof(
  fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 4 })) }),
  fc.record({ type, nullable: fc.constant(true) }),
  fc.record({ enum: fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: (each) => JSON.stringify(each) }) }),
  fc.record({ const: value }),
  fc.record({ required: fc.uniqueArray(name, { maxLength: 2 }) }),
  fc.tuple(fc.constantFrom(...LIMITS), small).map(([key, limit]) => ({ [key]: limit })),
  fc.record({ multipleOf: fc.constantFrom(1, 2, 3, 4, 0.5, 1.5) }),
  fc.record({ pattern: fc.constantFrom('a', '^ab', 'c$') }),
  fc.record({ format: fc.constantFrom('email', 'uri') }),
  fc.record({ uniqueItems: fc.boolean() }),
  fc.record({ dependentRequired: fc.constantFrom({ a: ['b'] }, { a: ['b', 'c'] }) }),
);
const reference = fc.constantFrom('#', '#/$defs/a', '#/$defs/b').map(($ref) => ({ $ref }));
const note = fc.record({ title: fc.string(), description: fc.string(), default: value }, { requiredKeys: [] });

type Pair = readonly [unknown, unknown];
const both = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<Pair> => arbitrary.map((each) => [each, each]);
const member = (key: string, pair: fc.Arbitrary<Pair>) =>
  pair.map(([older, newer]): Pair => [{ [key]: older }, { [key]: newer }]);
const list = (pair: fc.Arbitrary<Pair>) =>
  fc
    .array(pair, { minLength: 1, maxLength: 2 })
    .map((pairs): Pair => [pairs.map(([older]) => older), pairs.map(([, newer]) => newer)]);
const map = (keys: fc.Arbitrary<string>, pair: fc.Arbitrary<Pair>) =>
  fc
    .dictionary(keys, pair, { maxKeys: 3 })
    .map(
      (pairs): Pair => [
        Object.fromEntries(Object.entries(pairs).map(([key, [older]]) => [key, older])),
        Object.fromEntries(Object.entries(pairs).map(([key, [, newer]]) => [key, newer])),
      ],
    );

/** An old and a new schema that have most of their parts in common. */
const { pair } = fc.letrec<{ pair: Pair; part: Pair }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 5 },
    { weight: 5, arbitrary: both(keyword) },
    { weight: 1, arbitrary: fc.tuple(keyword, keyword) },
    { weight: 1, arbitrary: both(reference) },
    { weight: 5, arbitrary: member('properties', map(name, tie('pair'))) },
    { weight: 2, arbitrary: member('additionalProperties', tie('pair')) },
    { weight: 1, arbitrary: member('patternProperties', map(fc.constantFrom('a', '[bc]'), tie('pair'))) },
    { weight: 2, arbitrary: member('items', tie('pair')) },
    { weight: 1, arbitrary: member('prefixItems', list(tie('pair'))) },
    ...['allOf', 'anyOf', 'oneOf'].map((key) => ({ weight: 1, arbitrary: member(key, list(tie('pair'))) })),
    ...['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'].map(
      (key) => ({ weight: 1, arbitrary: member(key, tie('pair')) }),
    ),
    { weight: 1, arbitrary: member('dependentSchemas', map(name, tie('pair'))) },
  ),
  pair: fc.oneof(
    { maxDepth: 5 },
    { weight: 1, arbitrary: both(fc.boolean()) },
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.array(tie('part'), { maxLength: 3 }), fc.constantFrom(0, 0, 0, 0, 1, 2), note)
        .map(([parts, lost, described]): Pair => {
          // Now and then a keyword comes or goes.
          const olds = parts.map(([older]) => older).slice(lost === 1 ? 1 : 0);
          const news = parts.map(([, newer]) => newer).slice(lost === 2 ? 1 : 0);
          return [Object.assign({}, ...olds), Object.assign({}, ...news, described)];
        }),
    },
  ),
}));
const definitions = fc.record({ a: pair, b: pair });
const documents = fc.tuple(pair, definitions).map(([[older, newer], { a, b }]): [unknown, unknown] => {
  const add = (schema: unknown, $defs: object) => (typeof schema === 'object' ? { ...schema, $defs } : schema);
  return [add(older, { a: a[0], b: b[0] }), add(newer, { a: a[1], b: b[1] })];
});

/** `null` for a schema without meaning, such as one that is a reference to itself. */
function judge(schema: unknown): ((data: unknown) => boolean) | null {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, meta: false, logger: false });
  try {
    const validate = ajv.compile(schema as object);
    validate(null);
    return (data) => validate(data);
  } catch {
    return null;
  }
}

const accepts = (check: (data: unknown) => boolean, data: unknown): boolean | null => {
  try {
    return check(data);
  } catch {
    return null;
  }
};

const RUNS = 600;

test('what an old schema accepts and the new one refuses is never left unsaid', () => {
  fc.assert(
    fc.property(documents, fc.array(value, { minLength: 30, maxLength: 60 }), ([older, newer], values) => {
      const [before, after] = [judge(older), judge(newer)];
      fc.pre(before !== null && after !== null);
      const refused = values.find((data) => accepts(before, data) === true && accepts(after, data) === false);
      const told = compareSchemas(older, newer).some(({ breaks }) => breaks === 'senders');
      if (refused !== undefined) expect({ refused, told }).toEqual({ refused, told: true });
    }),
    { numRuns: RUNS },
  );
});

/** The same schema with other descriptions, and its members in another order. */
function describeAnew(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(describeAnew);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { title: _, ...members } = schema as Record<string, unknown>;
  const inMaps = (schemas: unknown) =>
    Object.fromEntries(Object.entries(schemas as object).map(([key, inner]) => [key, describeAnew(inner)]));
  const entries = Object.entries(members).map(([key, inner]) => {
    if (/^(properties|patternProperties|dependentSchemas|\$defs)$/.test(key)) return [key, inMaps(inner)];
    return [key, /^(enum|const|default|dependentRequired)$/.test(key) ? inner : describeAnew(inner)];
  });
  return Object.fromEntries([...entries.reverse(), ['description', 'Told anew'], ['examples', [1]]]);
}

test('a schema that is merely described anew breaks nothing', () => {
  fc.assert(
    fc.property(documents, ([, schema]) => {
      expect(compareSchemas(schema, describeAnew(schema))).toEqual([]);
    }),
  );
});

test('a comparison that takes too long says that both sides may break', () => {
  const large = (last: number) => {
    const prefixItems = Array.from({ length: 1_000 }, (_, minimum) => ({ $ref: '#/$defs/listed', minimum }));
    const listed = { enum: [...Array.from({ length: 3_000 }, (_, index) => ({ a: [index] })), last] };
    return JSON.stringify({ prefixItems, $defs: { listed } });
  };
  const tooLarge = (breaks: string) => ({
    path: 'data',
    change: `is too large to be compared and may break ${breaks}`,
    breaks,
  });
  expect(compareSchemaTexts(large(1), large(2), 2)).toEqual([tooLarge('senders'), tooLarge('receivers')]);
  expect(compareSchemaTexts(large(1), large(1), 2)).toEqual([]);
});
