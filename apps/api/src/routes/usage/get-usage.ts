import { usageKinds, type usageQuery } from '@posthorn/http-api/usage';
import { countUsage } from '@posthorn/store/tenant/count-usage';
import type { z } from 'zod';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';

/** `GET /v1/usage`: every kind, also those of which nothing was metered. */
export async function getUsage({ tenant, query }: Call<TenantScope, z.output<typeof usageQuery>>): Promise<Answer> {
  const counts = await countUsage(tenant.database, query);
  return ok({ data: usageKinds.map((kind) => ({ kind, count: counts.get(kind) ?? 0 })) });
}
