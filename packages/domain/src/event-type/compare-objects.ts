import type { Comparison } from './comparison.ts';
import { readMap, readNamed, readSchema, readTexts } from './read-keyword.ts';
import { own, type SchemaNode, type SchemaPart } from './schema-node.ts';

const namesOf = (part: SchemaPart, keyword: string): string[] => Object.keys(readMap(part, keyword));

/** What a schema says of fields that it does not name. */
function restOf(part: SchemaPart, patternsBesides: ReadonlySet<string>): SchemaNode[] {
  const mayMatch = namesOf(part, 'patternProperties').some((pattern) => !patternsBesides.has(pattern));
  // Such a field may match the pattern instead. Patterns are not tried: they come from outside and may not end.
  return mayMatch ? [] : readSchema(part, 'additionalProperties');
}

/** What is known of a field. */
const fieldIn = (from: readonly SchemaPart[], name: string, patternsBesides: ReadonlySet<string> = new Set()) =>
  from.flatMap((part) =>
    Object.hasOwn(readMap(part, 'properties'), name)
      ? readNamed(part, 'properties', name)
      : restOf(part, patternsBesides),
  );

function compareRequired({ from, to, path, note }: Comparison): void {
  const known = new Set(from.flatMap((part) => readTexts(part, 'required')));
  for (const name of new Set(readTexts(to, 'required'))) {
    if (!known.has(name)) note(`${path}.${name}`, 'is now required', 'is no longer required');
  }
}

function compareNamed({ from, to, path, descend }: Comparison): void {
  for (const [name, schema] of Object.entries(readMap(to, 'properties'))) {
    descend(fieldIn(from, name), { schema, document: to.document }, `${path}.${name}`);
  }
  for (const [pattern, schema] of Object.entries(readMap(to, 'patternProperties'))) {
    const known = from.flatMap((part) => readNamed(part, 'patternProperties', pattern));
    descend(known, { schema, document: to.document }, `${path}./${pattern}/`);
  }
}

function compareFurther({ from, to, path, asks, descend }: Comparison): void {
  const [further] = readSchema(to, 'additionalProperties');
  // A receiver passes over fields that it does not know: that is how a type grows.
  if (!further || (asks === 'receivers' && further.schema === false)) return;
  const patterns = new Set(namesOf(to, 'patternProperties'));
  const named = new Set(from.flatMap((part) => namesOf(part, 'properties')));
  for (const name of named) {
    const isNamed = own(readMap(to, 'properties'), name) !== undefined;
    if (!isNamed) descend(fieldIn(from, name, patterns), further, `${path}.${name}`);
  }
  descend(
    from.flatMap((part) => restOf(part, patterns)),
    further,
    `${path}.*`,
  );
}

/** `required`, `properties`, `patternProperties`, `additionalProperties` */
export function compareObjects(comparison: Comparison): void {
  if (!comparison.kinds.has('object')) return;
  compareRequired(comparison);
  compareNamed(comparison);
  compareFurther(comparison);
}
