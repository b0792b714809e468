import type { Database } from '../open-database.ts';
import type { Quotas } from './set-quotas.ts';

/** A tenant's quotas and what it has used of them. */
export interface QuotaUse extends Quotas {
  readonly endpointsUsed: number;
  /** `null`: not counted, since there is no limit. */
  readonly eventsUsed: number | null;
  /** When the next month begins, by the database's clock. */
  readonly monthEndsAt: Date;
}

/** Reads how much of its quotas a tenant has used. Its cost does not grow with the events. */
export async function readQuotaUse(database: Database, tenantId: string): Promise<QuotaUse> {
  const [row] = await database.$queryRaw<QuotaUse[]>`
    WITH clock AS (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AS month)
    SELECT q.endpoints, q.events_per_month AS "eventsPerMonth",
           (SELECT count(*)::int FROM endpoints WHERE tenant_id = ${tenantId}::uuid AND deleted_at IS NULL) AS "endpointsUsed",
           CASE WHEN q.events_per_month IS NOT NULL THEN CASE WHEN q.month = c.month THEN q.events ELSE 0 END END AS "eventsUsed",
           (c.month + interval '1 month') AT TIME ZONE 'UTC' AS "monthEndsAt"
    FROM clock c LEFT JOIN tenant_quotas q ON q.tenant_id = ${tenantId}::uuid`;
  if (!row) throw new Error('The quota statement returned no row');
  return row;
}
