import type { Comparison } from './comparison.ts';
import type { SchemaNode } from './schema-node.ts';

/** What is held to be true in a walk: that schemas, taken together, cover others. */
export interface Proven {
  /**
   * Assumes it from now on, so that a schema that refers to itself comes to an end.
   *
   * @returns `null` when it is held true already
   */
  claim(
    asks: Comparison['asks'],
    from: readonly SchemaNode[],
    to: readonly SchemaNode[],
  ): { /** It was wrong, and so may be all that was concluded since. */ withdraw(): void } | null;
}

export function createProven(): Proven {
  const ids = new Map<unknown, number>();
  const held = new Set<string>();
  const order: string[] = [];

  const idsOf = (nodes: readonly SchemaNode[]): string => nodes.map(idOf).sort().join('&');
  const idOf = ({ schema, document }: SchemaNode): string => {
    const id = ids.get(schema) ?? ids.size;
    ids.set(schema, id);
    return `${document.name}${id}`;
  };

  return {
    claim(asks, from, to) {
      const key = `${asks} ${idsOf(from)}>${idsOf(to)}`;
      if (held.has(key)) return null;
      const before = order.push(key) - 1;
      held.add(key);
      return {
        withdraw() {
          for (const each of order.splice(before)) held.delete(each);
        },
      };
    },
  };
}
