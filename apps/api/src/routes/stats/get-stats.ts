import type { statsQuery } from '@posthorn/http-api/stats';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readFilterId } from '../read-id.ts';
import { showStats } from './show-stats.ts';

/** `GET /v1/stats` */
export async function getStats(
  { tenant, query: { range, endpoint_id: endpoint } }: Call<TenantScope, z.output<typeof statsQuery>>,
  { readStats }: Pick<Deps, 'readStats'>,
): Promise<Answer> {
  const endpointId = readFilterId('endpoint', 'endpoint_id', endpoint) ?? null;
  return ok(showStats(range, await readStats({ tenantId: tenant.id, endpointId, range })));
}
