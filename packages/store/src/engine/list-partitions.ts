import { uuidMoment } from '@posthorn/domain/uuid-time';
import type { Database, Transaction } from '../open-database.ts';

/** Events, deliveries and attempts of one span of ids. */
export interface Partition {
  /** What the names of its three tables end with. */
  readonly suffix: string;
  readonly starts: Date;
  readonly ends: Date;
}

/** What there is, and the database's clock. */
export interface Partitions {
  readonly now: Date;
  /** In order; without the default partition. */
  readonly attached: readonly Partition[];
  /** Suffixes of what was taken off and is still to be removed. */
  readonly detached: readonly string[];
}

interface Row {
  readonly now: Date;
  readonly suffix: string | null;
  readonly from: string | null;
  readonly before: string | null;
}

/** Lists the partitions from the catalog. */
export async function listPartitions(database: Database | Transaction): Promise<Partitions> {
  const rows = await database.$queryRaw<Row[]>`
    SELECT now() AS now, t.suffix, t.bounds[1] AS from, t.bounds[2] AS before
    FROM (VALUES (1)) AS always LEFT JOIN (
      SELECT right(c.relname, 9) AS suffix,
             regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''(.+)''\\) TO \\(''(.+)''\\)') AS bounds
      FROM pg_class c
      WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'deliveries'::regclass)
        AND c.relkind = 'r' AND c.relname ~ '^deliveries_[0-9]{8}$') t ON true
    ORDER BY t.suffix`;
  const [first] = rows;
  if (!first) throw new Error('The statement that lists partitions returned no row');
  return {
    now: first.now,
    attached: rows.flatMap(({ suffix, from, before }) =>
      suffix === null || from === null || before === null
        ? []
        : [{ suffix, starts: uuidMoment(from), ends: uuidMoment(before) }],
    ),
    detached: rows.flatMap(({ suffix, from }) => (suffix !== null && from === null ? [suffix] : [])),
  };
}
