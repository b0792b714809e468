import { usageKinds, type usageQuery } from '@posthorn/http-api/usage';
import { readQuotaUse } from '@posthorn/store/operator/read-quota-use';
import { countUsage } from '@posthorn/store/tenant/count-usage';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';

/** `GET /v1/usage`: every kind, also those of which nothing was metered, and what is left of the quotas. */
export async function getUsage(
  { tenant, query }: Call<TenantScope, z.output<typeof usageQuery>>,
  { database, upgradeUrl }: Pick<Deps, 'database' | 'upgradeUrl'>,
): Promise<Answer> {
  const [counts, use] = await Promise.all([countUsage(tenant.database, query), readQuotaUse(database, tenant.id)]);
  return ok({
    data: usageKinds.map((kind) => ({ kind, count: counts.get(kind) ?? 0 })),
    quotas: {
      endpoints: { used: use.endpointsUsed, limit: use.endpoints },
      events_per_month: { used: use.eventsUsed, limit: use.eventsPerMonth, resets_at: use.monthEndsAt.toISOString() },
    },
    upgrade_url: upgradeUrl,
  });
}
