import type { Database } from '../open-database.ts';
import { type AttemptFilter, type AttemptPlace, findAttempts, type ListedAttemptRow } from '../tenant/find-attempts.ts';
import type { TenantDatabase } from '../tenant/scope-to-tenant.ts';
import { findAttemptMoments } from './find-attempt-moments.ts';

/** Which page of a tenant's attempts, newest first. */
export interface AllAttemptsRequest {
  readonly limit: number;
  /** Only attempts that stand after this place; `null` for the first page. */
  readonly before: AttemptPlace | null;
  /** Attempts that are looked at for the page, besides those of the moment at which it begins. */
  readonly maxLookedAt: number;
}

export interface AllAttemptsPage {
  readonly rows: readonly ListedAttemptRow[];
  /** Stands before the next page; `null` on the last one. */
  readonly last: AttemptPlace | null;
}

/** Above every delivery's id, so before all attempts of a moment. */
const ABOVE_ALL = { deliveryId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', number: 1 } as const;

const placeOf = ({ startedAt, deliveryId, number }: ListedAttemptRow): AttemptPlace => ({
  startedAt,
  deliveryId,
  number,
});

/**
 * A page of a tenant's attempts across deliveries, newest first. An index tells at which moments the matching ones began,
 * and the rows of those moments come through the tenant's own scope. Where few match, a page may be short or empty and
 * not the last: no more than `maxLookedAt` attempts are looked at.
 */
export async function listAllAttempts(
  database: Database,
  tenant: { readonly id: string; readonly database: TenantDatabase },
  { limit, before, maxLookedAt }: AllAttemptsRequest,
  filter: AttemptFilter,
): Promise<AllAttemptsPage> {
  const take = limit + 1;
  const wanted = { tenantId: tenant.id, before: before?.startedAt ?? null, take, maxLookedAt };
  const { moments, cut } = await findAttemptMoments(database, wanted, filter);
  // Of the moment at which the page before ended some may be left, which no index tells apart.
  const all = before ? [before.startedAt, ...moments] : moments;
  const found = all.length === 0 ? [] : await findAttempts(tenant.database, { moments: all, before, take }, filter);
  const rows = found.slice(0, limit);
  const lastRow = rows.at(-1);
  if (found.length > limit && lastRow) return { rows, last: placeOf(lastRow) };
  return { rows, last: cut && { startedAt: cut, ...ABOVE_ALL } };
}
