import { EVERY_ID, type IdSpan } from '@posthorn/domain/id-span';
import { uuidCeiling, uuidFloor } from '@posthorn/domain/uuid-time';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { listPartitions } from './list-partitions.ts';
import { partitionTables } from './partition-tables.ts';
import { walkIndex } from './walk-index.ts';

/** Deliveries are made at ids of now, by the database's clock; this is what clocks and transactions may be late or early. */
const BEHIND_MS = 86_400_000;
const AHEAD_MS = 7_200_000;

/**
 * The span of ids in which every open delivery is, and every one that is made in the next two hours will be. It ends with
 * partitions. With an open delivery in the default partition it is all there are.
 */
export async function readOpenSpan(database: Database): Promise<IdSpan> {
  const { now, attached } = await listPartitions(database);
  const asked = ['_default', ...attached.map(({ suffix }) => suffix)].map(
    (suffix) => Prisma.sql`
      SELECT ${suffix} AS suffix
      FROM (SELECT 1 FROM ${partitionTables(suffix).deliveries} WHERE status IN ('pending', 'retrying')
            ORDER BY endpoint_id, due_at LIMIT 1) open`,
  );
  // Not EXISTS: where many are open, to read the table until one comes seems cheapest, and they are the last to come.
  const rows = await walkIndex(database, (tx) => tx.$queryRaw<{ suffix: string }[]>(Prisma.join(asked, ' UNION ALL ')));
  const open = new Set(rows.map(({ suffix }) => suffix));
  if (open.has('_default')) return EVERY_ID;
  const earliest = new Date(now.getTime() - BEHIND_MS);
  const latest = new Date(now.getTime() + AHEAD_MS);
  const wanted = attached.filter(
    ({ suffix, starts, ends }) => open.has(suffix) || (starts <= latest && ends > earliest),
  );
  const [first] = wanted;
  const last = wanted.at(-1);
  // A time that no partition holds is the default one's, whatever lies around it.
  if (!first || !last || first.starts > earliest || last.ends <= latest) return EVERY_ID;
  return { from: uuidFloor(first.starts), to: uuidCeiling(new Date(last.ends.getTime() - 1)) };
}
