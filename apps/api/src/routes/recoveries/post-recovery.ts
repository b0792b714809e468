import { encodeTypeId } from '@posthorn/domain/type-id';
import type { postRecoveryBody } from '@posthorn/http-api/recovery';
import { countRecoverable } from '@posthorn/store/operator/count-recoverable';
import { createRecovery } from '@posthorn/store/operator/create-recovery';
import { limitToNow } from '@posthorn/store/operator/limit-to-now';
import { findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { conflict, invalid, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';

/** `POST /v1/webhook-endpoints/{id}/recover`: a bulk replay that survives every process, this one included. */
export async function postRecovery(
  { tenant, params, body, act }: Call<TenantScope, undefined, z.output<typeof postRecoveryBody>>,
  { database, forReading }: Pick<Deps, 'database' | 'forReading'>,
): Promise<Answer> {
  const endpointId = readPathId('endpoint', params.id);
  const endpoint = await findEndpoint(tenant.database, endpointId);
  if (!endpoint) throw notFound();
  if (body.until && body.until <= body.since) throw invalid({ path: 'until', message: 'must be later than since' });
  // What it makes itself is made later, and so never matches.
  const until = await limitToNow(database, body.until ?? null);
  const scope = { tenantId: tenant.id, endpointId, since: body.since, until, statuses: [...new Set(body.statuses)] };
  const matched = await countRecoverable(forReading.database, scope);
  if (body.dry_run) return ok({ id: null, matched });
  if (endpoint.status !== 'enabled') throw conflict('The endpoint is disabled; enable it to recover its deliveries.');
  const id = await createRecovery(database, scope, matched, act('endpoint', params.id));
  return { status: 202, body: { id: encodeTypeId('recovery', id), matched } };
}
