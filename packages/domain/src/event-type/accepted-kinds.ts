import { own, type SchemaPart } from './schema-node.ts';

const ALL_KINDS = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object'] as const;

/** Kinds of JSON values; a number is an integer or has a fraction. */
export type Kind = (typeof ALL_KINDS)[number];

export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'boolean' : 'object';
}

/** The kinds that a schema's `type` lets through. */
export function typedKinds({ schema }: SchemaPart): ReadonlySet<Kind> {
  const type = own(schema, 'type');
  if (typeof type !== 'string' && !Array.isArray(type)) return new Set(ALL_KINDS);
  const names = new Set<unknown>([type].flat());
  // The validator knows this word of OpenAPI.
  if (own(schema, 'nullable') === true) names.add('null');
  return new Set(
    ALL_KINDS.filter((kind) => names.has(kind) || (names.has('number') && /^(integer|fraction)$/.test(kind))),
  );
}

/** The lists of values that a schema's `enum` and `const` are: a value stands in each of them. */
export function listedValues({ schema }: SchemaPart): readonly (readonly unknown[])[] {
  const values = own(schema, 'enum');
  const constant = Object.hasOwn(schema, 'const') ? [[schema['const']]] : [];
  return Array.isArray(values) ? [values, ...constant] : constant;
}

function keptKinds(part: SchemaPart): ReadonlySet<Kind> {
  const lists = listedValues(part).map((values) => new Set(values.map(kindOf)));
  return new Set([...typedKinds(part)].filter((kind) => lists.every((kinds) => kinds.has(kind))));
}

/** The kinds of values that may satisfy all of the schemas. */
export function acceptedKinds(parts: readonly SchemaPart[]): ReadonlySet<Kind> {
  const kept = parts.map(keptKinds);
  return new Set(ALL_KINDS.filter((kind) => kept.every((kinds) => kinds.has(kind))));
}
