import { isObject, own } from './schema-node.ts';

const MAX_DEPTH_LEVELS = 128;

/** Keywords that only describe. Unknown ones are compared: a `$ref` may point into them. */
const ANNOTATIONS = new Set(
  '$comment title description default examples deprecated readOnly writeOnly contentEncoding contentMediaType'.split(
    ' ',
  ),
);
const MAPS = new Set('properties patternProperties $defs definitions dependentSchemas'.split(' '));
const SCHEMAS = new Set(
  (
    'additionalProperties propertyNames items prefixItems contains allOf anyOf oneOf not if then else ' +
    'unevaluatedItems unevaluatedProperties'
  ).split(' '),
);
/** A reference into a description, which makes a schema of it; an escaped one might be. */
const INTO_ANNOTATION =
  /^[^#]*#.*(%|\/(\$comment|title|description|default|examples|deprecated|(read|write)Only|content\w+)(\/|$))/;

/** What a value is where it stands: only a schema has annotations, an example or a field's name has not. */
type Role = 'schema' | 'map' | 'data';

const roleIn = (role: Role, key: string): Role => {
  if (role === 'map') return 'schema';
  if (role === 'data') return 'data';
  if (MAPS.has(key)) return 'map';
  return SCHEMAS.has(key) ? 'schema' : 'data';
};

const keysOf = (value: object, role: Role): string[] =>
  Object.keys(value).filter((key) => role !== 'schema' || !ANNOTATIONS.has(key));

function isSame(a: unknown, b: unknown, role: Role, levels: number): boolean {
  if (levels === 0) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => isSame(each, b[index], role, levels - 1));
  }
  if (!isObject(a) || !isObject(b)) return a === b && !(typeof a === 'string' && INTO_ANNOTATION.test(a));
  const keys = keysOf(a, role);
  return (
    keys.length === keysOf(b, role).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(own(a, key), own(b, key), roleIn(role, key), levels - 1))
  );
}

/** Whether two schemas differ in nothing but descriptions. One that nests without end is never the same. */
export const isSameSchema = (a: unknown, b: unknown): boolean => isSame(a, b, 'schema', MAX_DEPTH_LEVELS);
