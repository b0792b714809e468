import fc from 'fast-check';
import { type OpenapiDocument, resolve, type Schema } from './openapi-document.ts';

/** Schemas may hold themselves; what is deeper is any value. */
const MAX_SCHEMA_DEPTH = 8;

const bounds = (schema: Schema, low: string, high: string, most: number) => ({
  minLength: Number(schema[low] ?? 0),
  maxLength: Math.min(Number(schema[high] ?? most), Math.max(most, Number(schema[low] ?? 0))),
});

/** Values that a schema of the document allows, its examples among them. */
export function valuesOf(given: Schema, document: OpenapiDocument, depth = 0): fc.Arbitrary<unknown> {
  if (depth > MAX_SCHEMA_DEPTH) return fc.jsonValue({ maxDepth: 0 });
  const schema = resolve(given, document);
  const inner = (one: unknown) => valuesOf(one as Schema, document, depth + 1);
  const examples = [schema['examples'] ?? [], schema['example'] ?? []].flat();
  const made = ofType(schema, inner);
  return examples.length > 0 ? fc.oneof(fc.constantFrom(...examples), made) : made;
}

type Inner = (schema: unknown) => fc.Arbitrary<unknown>;

function ofObject(schema: Schema, inner: Inner): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  if (properties.length === 0)
    return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  const requiredKeys = (schema['required'] ?? []) as string[];
  return fc.record(Object.fromEntries(properties.map(([name, one]) => [name, inner(one)])), { requiredKeys });
}

function ofArray(schema: Schema, inner: Inner): fc.Arbitrary<unknown> {
  if (schema['prefixItems']) return fc.tuple(...(schema['prefixItems'] as Schema[]).map(inner));
  return fc.array(inner(schema['items']), bounds(schema, 'minItems', 'maxItems', 3));
}

function ofString(schema: Schema): fc.Arbitrary<string> {
  if (schema['format'] !== 'date-time')
    return fc.string({ unit: 'grapheme', ...bounds(schema, 'minLength', 'maxLength', 30) });
  return fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
    .map((date) => date.toISOString());
}

function ofType(schema: Schema, inner: Inner): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const']);
  if (schema['enum']) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if (schema['anyOf']) return fc.oneof(...(schema['anyOf'] as Schema[]).map(inner));
  switch (schema['type']) {
    case 'object':
      return ofObject(schema, inner);
    case 'array':
      return ofArray(schema, inner);
    case 'integer':
      return fc.integer({
        min: Number(schema['minimum'] ?? 0),
        max: Math.min(Number(schema['maximum'] ?? 1_000), 1_000_000_000),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return ofString(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

/** What callers get wrong, and what attackers try, as JSON values. */
export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  fc.constantFrom<unknown>(
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    'toString',
    "' OR 1=1 --",
    '../../etc',
    '%00',
    '{constructor}',
    '{{7*7}}',
    'a\r\nX-Injected: 1',
    '9'.repeat(400),
    '🦊'.repeat(300),
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59.999999999-23:59',
    '1969-12-31T23:59:59.999Z',
    'http://127.0.0.1:9/\u2028',
    'http://[::1%25eth0]:9/',
    'http://127.1:9/?q=%00#f',
    -1,
    0.5,
    -0,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    2 ** 53,
    2 ** 31,
    true,
    null,
    [],
    {},
    JSON.parse('{"__proto__":{"polluted":true}}'),
    { constructor: { prototype: { polluted: true } } },
    { $ref: '#' },
    { pattern: '^(a+)+$' },
    [[[[[[]]]]]],
  ),
);
