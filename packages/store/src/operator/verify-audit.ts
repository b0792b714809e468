import {
  type ChainBreak,
  type ChainPlace,
  chainStart,
  findEndBreak,
  followChain,
} from '@posthorn/domain/audit/follow-chain';
import type { Database } from '../open-database.ts';

/** Entries that are read at once. */
const PAGE_ENTRIES = 1_000;

/** One chain of the audit log, followed from its first entry to its last. */
export interface ChainReport {
  /** UUID; all zeros: the operator's chain. */
  readonly tenantId: string;
  readonly end: ChainPlace;
  /** The first entry that does not hold; `null`: the chain is whole. */
  readonly broken: ChainBreak | null;
}

interface Ending extends ChainPlace {
  readonly tenantId: string;
}

/** Every chain with its end; one whose end was removed ends before its first entry. */
const listEnds = (database: Database): Promise<Ending[]> => database.$queryRaw<Ending[]>`
  SELECT coalesce(c.tenant_id, e.tenant_id) AS "tenantId", coalesce(c.number, 0)::float8 AS number,
         coalesce(c.hash, '\\x') AS hash
  FROM audit_chains c FULL JOIN (SELECT DISTINCT tenant_id FROM audit_entries) e ON e.tenant_id = c.tenant_id
  ORDER BY 1`;

async function findBreak(database: Database, { tenantId, ...end }: Ending): Promise<ChainBreak | null> {
  if (end.number === 0) return { number: 1, problem: 'the note of where the chain ends is missing' };
  let place = chainStart;
  for (;;) {
    const rows = await database.auditEntry.findMany({
      where: { tenantId, number: { gt: place.number, lte: end.number } },
      orderBy: { number: 'asc' },
      take: PAGE_ENTRIES,
    });
    if (rows.length === 0) return findEndBreak(place, end);
    const next = followChain(
      place,
      rows.map((row) => ({ ...row, number: Number(row.number) })),
    );
    if ('problem' in next) return next;
    place = next;
  }
}

/** Follows every chain of the audit log up to where it ended when this began. */
export async function verifyAudit(database: Database): Promise<ChainReport[]> {
  const reports: ChainReport[] = [];
  for (const { tenantId, ...end } of await listEnds(database)) {
    reports.push({ tenantId, end, broken: await findBreak(database, { tenantId, ...end }) });
  }
  return reports;
}
