import type { UsageKind } from '@posthorn/wire/lifecycle';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** A time range; a missing end is open. `since` is inside, `until` outside. */
export interface UsageRange {
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** How much was metered of each kind; a kind of which nothing was is missing. */
export async function countUsage(
  database: TenantDatabase,
  { since, until }: UsageRange,
): Promise<ReadonlyMap<UsageKind, number>> {
  const rows = await database.usageRecord.groupBy({
    by: ['kind'],
    where: { at: { ...(since && { gte: since }), ...(until && { lt: until }) } },
    _sum: { quantity: true },
  });
  return new Map(rows.map(({ kind, _sum }) => [kind as UsageKind, _sum.quantity ?? 0]));
}
