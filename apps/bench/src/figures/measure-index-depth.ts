import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

/** The indexes of deliveries, of all of its partitions: pages from the root to a leaf, at the most, and bytes. */
const INDEXES = `
  SELECT 1 + max((bt_metap(i.indexrelid::regclass::text)).level)::int AS depth, count(*)::int AS indexes,
         count(DISTINCT i.indrelid)::int AS partitions, sum(pg_relation_size(i.indexrelid))::float8 AS bytes
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relkind = 'i' AND (i.indrelid = 'deliveries'::regclass
    OR i.indrelid IN (SELECT relid FROM pg_partition_tree('deliveries')))`;

interface Indexes {
  readonly depth: number;
  readonly indexes: number;
  readonly partitions: number;
  readonly bytes: number;
}

/** How deep the indexes of deliveries are, and what they take of a row's bytes, at each number of rows. */
export async function measureIndexDepth(system: System, rowCounts: readonly number[]): Promise<Record<string, number>> {
  const { id, client } = await openTenant(system);
  await client.query('CREATE EXTENSION IF NOT EXISTS pageinspect');
  const read = async (): Promise<Indexes> => {
    const { rows } = await client.query<Indexes>(INDEXES);
    if (!rows[0]) throw new Error('There are no indexes');
    return rows[0];
  };
  const results: Record<string, number> = {};
  const { bytes: before } = await read();
  for (const count of rowCounts) {
    await fillDeliveries(client, id, count);
    const { depth, indexes, partitions, bytes } = await read();
    results['indexes'] = indexes / partitions;
    results[`pages_to_a_leaf_at_${count}`] = depth;
    results[`index_bytes_per_row_at_${count}`] = rounded((bytes - before) / count);
  }
  await client.end();
  return results;
}
