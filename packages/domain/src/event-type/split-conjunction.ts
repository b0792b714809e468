import { readSchemas, readText } from './read-keyword.ts';
import { isPart, own, type SchemaDocument, type SchemaNode } from './schema-node.ts';

const MAX_CONJUNCTS = 50;

/** Schemas that a value must all satisfy. */
export interface Conjunction {
  readonly nodes: readonly SchemaNode[];
  /** Why something is missing from `nodes`; `null` when nothing is. */
  readonly missing: string | null;
}

function readPointer(ref: string): string[] | null {
  try {
    const parts = decodeURIComponent(ref).split('/').slice(1);
    return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return null;
  }
}

const step = (value: unknown, part: string): unknown =>
  Array.isArray(value) ? (value as unknown[])[Number(part)] : own(value, part);

/** What a `$ref` names inside its own document; `null` where it cannot be followed. */
function resolveRef(ref: string, document: SchemaDocument): SchemaNode | null {
  if (document.hasInnerIds || (ref !== '#' && !ref.startsWith('#/'))) return null;
  const schema = readPointer(ref)?.reduce(step, document.root);
  return schema === undefined ? null : { schema, document };
}

/** A bare reference says nothing but what it names, and would make one schema look like many. */
const isBare = ({ schema }: SchemaNode): boolean =>
  own(schema, '$ref') !== undefined && Object.keys(schema as object).length === 1;

/** Takes a schema apart into itself, what its `$ref` names and what stands in its `allOf`, all the way down. */
export function splitConjunction(whole: readonly SchemaNode[]): Conjunction {
  const nodes: SchemaNode[] = [...whole];
  const seen = new Set(nodes.map(({ schema }) => schema));
  let missing: string | null = null;
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    if (!node || !isPart(node)) continue;
    const ref = readText(node, '$ref');
    const named = ref === undefined ? null : resolveRef(ref, node.document);
    if (ref !== undefined && !named) missing = '$ref';
    const added = [...(named ? [named] : []), ...readSchemas(node, 'allOf')].filter(({ schema }) => !seen.has(schema));
    if (nodes.length + added.length > MAX_CONJUNCTS) return { nodes, missing: 'allOf' };
    for (const each of added) seen.add(each.schema);
    nodes.push(...added);
  }
  return { nodes: missing ? nodes : nodes.filter((node) => !isBare(node)), missing };
}
