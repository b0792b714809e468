import { describe, expect, test } from '@jest/globals';
import { compareSchemas } from '@posthorn/domain/event-type/compare-schemas';
import fc from 'fast-check';

const say = (older: unknown, newer: unknown): string[] =>
  compareSchemas(older, newer).map(({ path, change, breaks }) => `${breaks}: ${path} ${change}`);

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const n = (schema: unknown) => object({ n: schema });

test.each<[string, unknown, unknown, string[]]>([
  ['a field that becomes required', n({}), { ...n({}), required: ['n'] }, ['senders: data.n is now required']],
  [
    'a field that may now be left out',
    { ...n({}), required: ['n'] },
    n({}),
    ['receivers: data.n is no longer required'],
  ],
  [
    'a narrower type',
    n({ type: ['string', 'null'] }),
    n({ type: 'string' }),
    ['senders: data.n is no longer accepted as null'],
  ],
  [
    'a wider type',
    n({ type: 'integer' }),
    n({ type: 'number' }),
    ['receivers: data.n may now be of type number with a fraction'],
  ],
  [
    'another type',
    n({ type: 'number' }),
    n({ type: 'string' }),
    ['senders: data.n is no longer accepted as number', 'receivers: data.n may now be of type string'],
  ],
  [
    'a nullable field',
    n({ type: 'string' }),
    n({ type: 'string', nullable: true }),
    ['receivers: data.n may now be of type null'],
  ],
  ['a value less', n({ enum: ['a', 'b'] }), n({ enum: ['b'] }), ['senders: data.n may no longer be "a"']],
  ['a value more', n({ const: { a: 1, b: 2 } }), n({ enum: [5, { b: 2, a: 1 }] }), ['receivers: data.n may now be 5']],
  ['a list of values', n({ type: 'string' }), n({ enum: ['a'] }), ['senders: data.n must now be one of "a"']],
  ['a list besides a value', { const: 1 }, { const: 1, enum: [2] }, ['senders: data may no longer be 1']],
  ['a higher minimum', n({ minimum: 1 }), n({ exclusiveMinimum: 1 }), ['senders: data.n must now be more than 1']],
  ['a higher maximum', n({ maximum: 1 }), n({ maximum: 2 }), ['receivers: data.n may now be more than 1']],
  ['a multiple', n({ multipleOf: 2 }), n({ multipleOf: 4 }), ['senders: data.n must now be a multiple of 4']],
  ['a shorter text', n({ maxLength: 9 }), n({ maxLength: 8 }), ['senders: data.n must now have at most 8 characters']],
  ['fewer items', n({ minItems: 2 }), n({ minItems: 1 }), ['receivers: data.n may now have fewer than 2 items']],
  ['fewer fields', { maxProperties: 2 }, { maxProperties: 1 }, ['senders: data must now have at most 1 fields']],
  ['a pattern', n({ type: 'string' }), n({ type: 'string', pattern: '^a' }), ['senders: data.n must now match ^a']],
  ['a format that is new refuses nobody', n({}), n({ format: 'email' }), []],
  ['a format that has gone', n({ format: 'email' }), n({}), ['receivers: data.n is no longer of the format email']],
  ['unique items', n({ uniqueItems: true }), n({}), ['receivers: data.n may now hold an item twice']],
  [
    'items',
    n({ items: { type: 'string' } }),
    n({ items: { type: 'null' } }),
    ['senders: data.n.* is no longer accepted as string', 'receivers: data.n.* may now be of type null'],
  ],
  [
    'further items',
    { prefixItems: [true], items: { minimum: 1 } },
    { prefixItems: [true], items: { minimum: 2 } },
    ['senders: data.* must now be 2 or more'],
  ],
  [
    'an item that had no place of its own',
    { items: { minimum: 1 } },
    { prefixItems: [{}], items: { minimum: 1 } },
    ['receivers: data.0 may now be less than 1'],
  ],
  [
    'an item of its own',
    n({ items: true }),
    n({ prefixItems: [{ type: 'array' }], items: true }),
    ['senders: data.n.0 is no longer accepted as null, boolean, number, string, object'],
  ],
  [
    'a field that was free',
    object({}),
    n({ type: 'string' }),
    ['senders: data.n is no longer accepted as null, boolean, number, array, object'],
  ],
  ['a field that stays free', object({}), n({ description: 'The number' }), []],
  [
    'a new field where there were no others',
    object({}, { additionalProperties: false }),
    object({ n: { type: 'string' } }, { additionalProperties: false }),
    [],
  ],
  [
    'a field that has gone',
    object({ n: true }, { additionalProperties: false }),
    object({}, { additionalProperties: false }),
    ['senders: data.n is no longer accepted'],
  ],
  [
    'no further fields',
    n(true),
    { ...n(true), additionalProperties: false },
    ['senders: data.* is no longer accepted'],
  ],
  ['everything refused', true, false, ['senders: data is no longer accepted']],
  ['everything allowed', false, {}, ['receivers: data may now be there']],
  [
    'a combinator',
    n({ not: { type: 'null' } }),
    n({ not: { type: 'string' } }),
    [
      'senders: data.n has another not, which cannot be compared and may break senders',
      'receivers: data.n has another not, which cannot be compared and may break receivers',
    ],
  ],
  [
    'one choice more',
    { anyOf: [{ type: 'string' }] },
    { anyOf: [{ type: 'null' }, { type: 'string' }] },
    ['receivers: data has another anyOf, which cannot be compared and may break receivers'],
  ],
  [
    'a definition moved elsewhere',
    n({ type: 'string' }),
    { allOf: [{ $ref: '#/$defs/a~1b' }], $defs: { 'a/b': n({ type: 'string' }) } },
    [],
  ],
  [
    'a definition that changed',
    { $ref: '#/$defs/t', $defs: { t: { type: 'string' } } },
    { $ref: '#/$defs/t', $defs: { t: { type: 'null' } } },
    ['senders: data is no longer accepted as string', 'receivers: data may now be of type null'],
  ],
])('%s is told', (_, older, newer, told) => expect(say(older, newer)).toEqual(told));

describe('a schema that refers to itself', () => {
  const tree = (leaf: object) => ({
    $ref: '#/$defs/tree',
    $defs: { tree: object({ leaf, left: { $ref: '#/$defs/tree' }, more: { items: { $ref: '#' } } }) },
  });
  test('is compared to the end', () => {
    expect(say(tree({ type: 'string', minLength: 1 }), tree({ minLength: 1, type: 'string', title: 'Leaf' }))).toEqual(
      [],
    );
    expect(say(tree({ type: 'string' }), tree({ type: 'string', minLength: 1 }))).toEqual([
      'senders: data.leaf must now have at least 1 characters',
      'senders: data.left.leaf must now have at least 1 characters',
    ]);
  });

  test('may be nothing but a reference to itself', () => {
    expect(say({ $ref: '#' }, { $ref: '#', allOf: [{ $ref: '#/allOf/0' }] })).toEqual([]);
  });
});

test('what is assumed of a schema that refers to itself does not outlive its refutation', () => {
  const schema = (type: string) => ({
    $defs: {
      node: { type: 'object', properties: { value: { type }, next: { $ref: '#/$defs/node' } } },
      wrap: { type: 'object', properties: { node: { $ref: '#/$defs/node' } } },
    },
    anyOf: [{ $ref: '#/$defs/wrap' }, { type: 'null' }],
    properties: { wrap: { $ref: '#/$defs/wrap' } },
  });
  expect(say(schema('string'), schema('null')).filter((each) => each.startsWith('senders'))).toEqual([
    'senders: data.wrap.node.value is no longer accepted as string',
    'senders: data has another anyOf, which cannot be compared and may break senders',
  ]);
});

describe('what cannot be followed is told as a possible break', () => {
  test.each<[string, object]>([
    ['$ref', { $ref: '#name' }],
    ['$ref', { $ref: '#/$defs/t', $defs: { inner: { $id: 'other' }, t: true } }],
    ['$ref', { $ref: '#/%E0' }],
    ['unevaluatedProperties', { unevaluatedProperties: false }],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }],
  ])('%s in %j', (keyword, newer) => {
    expect(say(true, newer)).toEqual([
      `senders: data has another ${keyword}, which cannot be compared and may break senders`,
    ]);
  });

  test('but not when descriptions alone differ', () => {
    const schema = (title: string) => ({
      properties: { title: { title } },
      unevaluatedProperties: false,
      title,
      $ref: '#name',
    });
    expect(say(schema('Old'), schema('New'))).toEqual([]);
    expect(say({ $ref: '#/default', default: true }, { $ref: '#/default', default: false })).toEqual([
      'senders: data is no longer accepted',
    ]);
  });
});

describe('bounds', () => {
  const nest = (levels: number, leaf: object): object => (levels === 0 ? leaf : { items: nest(levels - 1, leaf) });
  const tooLarge = expect.stringContaining('is too large to be compared further and may break');

  test('depth', () => {
    expect(say(nest(40, { minimum: 1 }), nest(40, { minimum: 2 }))).toHaveLength(1);
    expect(say(nest(60, { minimum: 1 }), nest(60, { minimum: 2 }))).toEqual([tooLarge, tooLarge]);
  });

  test('how many changes are told', () => {
    const required = Array.from({ length: 500 }, (_, index) => `f${index}`);
    expect(say({}, { required })).toHaveLength(100);
  });

  test('references that multiply', () => {
    const $defs = (leaf: object) =>
      Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [
          `d${index}`,
          index === 39
            ? leaf
            : { oneOf: [{ items: { $ref: `#/$defs/d${index + 1}` } }, { items: { $ref: `#/$defs/d${index + 1}` } }] },
        ]),
      );
    const schema = (leaf: object) => ({ $ref: '#/$defs/d0', $defs: $defs(leaf) });
    expect(say(schema({ type: 'null' }), schema({ type: 'string' })).length).toBeGreaterThan(0);
  });

  test('the work', () => {
    const part = (index: number) => ({
      properties: Object.fromEntries(
        Array.from({ length: 60 }, (_, field) => [`p${index}_${field}`, { minimum: index }]),
      ),
      additionalProperties: {},
    });
    const schema = { allOf: Array.from({ length: 48 }, (_, index) => part(index)) };
    expect(say(schema, { ...schema, maximum: 1 })).toContainEqual(tooLarge);
  });

  test('a value that nests without end', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
    expect(say({ const: deep }, { const: deep, type: 'array' })).toEqual([
      expect.stringContaining('may no longer be …'),
      expect.stringContaining('may now be …'),
    ]);
    expect(() => say(deep, { allOf: deep })).not.toThrow();
  });
});

test('any JSON can be compared with any other', () => {
  const keywords = [
    'type',
    'enum',
    'properties',
    'items',
    'prefixItems',
    'required',
    '$ref',
    'allOf',
    'anyOf',
    'not',
    'if',
    'minimum',
    'contains',
    '__proto__',
  ];
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.constantFrom('#', '#/', '#/allOf/0', 'string'),
      fc.array(tie('json')),
      fc.dictionary(fc.constantFrom(...keywords), tie('json')),
    ),
  }));
  fc.assert(fc.property(json, json, (older, newer) => Array.isArray(compareSchemas(older, newer))));
});
