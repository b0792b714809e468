import { uuidFloor } from '@posthorn/domain/uuid-time';
import type { Transaction } from '../open-database.ts';

/** What a tenant may have; `null`: no limit. */
export interface Quotas {
  readonly endpoints: number | null;
  /** Of a calendar month, UTC. */
  readonly eventsPerMonth: number | null;
}

/** Events of a month that are counted exactly, whatever the limit: reading their index takes a fraction of a second. */
const MAX_COUNTED = 1_000_000;

/**
 * What the month has so far, counted as far as the limit and {@link MAX_COUNTED} reach: the count goes on from here in the
 * statements that accept events, which wait for this transaction.
 */
async function countMonth(tx: Transaction, tenantId: string, limit: number): Promise<void> {
  const [now] = await tx.$queryRaw<{ month: Date }[]>`
    SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS month`;
  if (!now) throw new Error('The database did not tell its time');
  await tx.$executeRaw`
    UPDATE tenant_quotas SET month = (${now.month}::timestamptz AT TIME ZONE 'UTC')::date, events = (
      SELECT count(*) FROM (
        SELECT 1 FROM events WHERE tenant_id = ${tenantId}::uuid AND id >= ${uuidFloor(now.month)}::uuid
        LIMIT ${Math.max(limit, MAX_COUNTED)}) counted)
    WHERE tenant_id = ${tenantId}::uuid`;
}

/** Sets a tenant's quotas; a missing one stays. The tenant must be locked. */
export async function setQuotas(tx: Transaction, tenantId: string, quotas: Partial<Quotas>): Promise<void> {
  const { eventsPerMonth } = quotas;
  await tx.tenantQuota.upsert({ where: { tenantId }, create: { tenantId, ...quotas }, update: quotas });
  if (typeof eventsPerMonth === 'number') await countMonth(tx, tenantId, eventsPerMonth);
}
