import type { Comparison } from './comparison.ts';
import { readList, readNumber, readSchema } from './read-keyword.ts';
import { own, type SchemaNode, type SchemaPart } from './schema-node.ts';

function itemAt(part: SchemaPart, index: number): SchemaNode[] {
  const first = readList(part, 'prefixItems')[index];
  return first === undefined ? readSchema(part, 'items') : [{ schema: first, document: part.document }];
}

function compareItems({ from, to, path, descend }: Comparison, maxItems: number): void {
  const named = Math.max(0, ...[...from, to].map((part) => readList(part, 'prefixItems').length));
  const [rest] = readSchema(to, 'items');
  for (let index = 0; index < Math.min(named, maxItems); index += 1) {
    const [item] = itemAt(to, index);
    const known = from.flatMap((part) => itemAt(part, index));
    if (item) descend(known, item, `${path}.${index}`);
  }
  const known = from.flatMap((part) => readSchema(part, 'items'));
  if (rest && named < maxItems) descend(known, rest, `${path}.*`);
}

function compareUnique({ from, to, path, note }: Comparison, maxItems: number): void {
  const unique = (part: SchemaPart) => own(part.schema, 'uniqueItems') === true;
  if (!unique(to) || from.some(unique) || maxItems <= 1) return;
  note(path, 'must no longer hold an item twice', 'may now hold an item twice');
}

/** `items`, `prefixItems`, `uniqueItems` */
export function compareArrays(comparison: Comparison): void {
  if (!comparison.kinds.has('array')) return;
  const maxItems = Math.min(...comparison.from.map((part) => readNumber(part, 'maxItems') ?? Infinity));
  compareItems(comparison, maxItems);
  compareUnique(comparison, maxItems);
}
