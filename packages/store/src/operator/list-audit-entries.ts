import type { ChainedEntry } from '@posthorn/domain/audit/hash-entry';
import type { Database } from '../open-database.ts';
import { type CreatedRange, idRange, type Page, type PageRequest, readPage } from '../tenant/read-page.ts';

/** What of the audit log is wanted. */
export interface AuditFilter extends CreatedRange {
  /** `null`: every chain. */
  readonly tenantId: string | null;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly keyId?: string | undefined;
  readonly objectId?: string | undefined;
}

function equalities({ tenantId, action, actor, keyId, objectId }: AuditFilter) {
  const given = Object.entries({ tenantId, action, actor, keyId, objectId }).filter(
    ([, value]) => (value ?? null) !== null,
  );
  return Object.fromEntries(given) as { [Name in 'tenantId' | 'action' | 'actor' | 'keyId' | 'objectId']?: string };
}

/** A page of the audit log, newest first. */
export async function listAuditEntries(
  database: Database,
  page: PageRequest,
  filter: AuditFilter,
): Promise<Page<ChainedEntry>> {
  return readPage(page, async (take) => {
    const rows = await database.auditEntry.findMany({
      where: { id: idRange(page, filter), ...equalities(filter) },
      orderBy: { id: 'desc' },
      take,
    });
    return rows.map((row) => ({ ...row, number: Number(row.number) }));
  });
}
