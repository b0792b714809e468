import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

/** The indexes of deliveries, of all of its partitions: pages from the root to a leaf, at the most, and bytes. */
const INDEXES = `
  SELECT 1 + max((bt_metap(i.indexrelid::regclass::text)).level)::int AS depth, count(*)::int AS indexes,
         sum(pg_relation_size(i.indexrelid))::float8 AS bytes
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relkind = 'i' AND (i.indrelid = 'deliveries'::regclass
    OR i.indrelid IN (SELECT relid FROM pg_partition_tree('deliveries')))`;

/** How deep the indexes of deliveries are, and what they take of a row's bytes, at each number of rows. */
export async function measureIndexDepth(system: System, rowCounts: readonly number[]): Promise<Record<string, number>> {
  const { id, client } = await openTenant(system);
  await client.query('CREATE EXTENSION IF NOT EXISTS pageinspect');
  const results: Record<string, number> = {};
  for (const count of rowCounts) {
    await fillDeliveries(client, id, count);
    const { rows } = await client.query<{ depth: number; indexes: number; bytes: number }>(INDEXES);
    const [found] = rows;
    if (!found) throw new Error('There are no indexes');
    results['indexes'] = found.indexes;
    results[`pages_to_a_leaf_at_${count}`] = found.depth;
    results[`index_bytes_per_row_at_${count}`] = rounded(found.bytes / count);
  }
  await client.end();
  return results;
}
