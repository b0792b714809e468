import { replayDelivery } from '@posthorn/store/operator/replay-delivery';
import type { Deps } from '../../deps.ts';
import type { Answer } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showDelivery } from './show-delivery.ts';

/** `POST /v1/webhook-deliveries/{id}/replay`: a new delivery of the same event, due at once. */
export async function postReplay(
  { tenant, params, act }: Call,
  { database, ringDoorbell }: Pick<Deps, 'database' | 'ringDoorbell'>,
): Promise<Answer> {
  const replayed = readPathId('delivery', params.id);
  const result = await replayDelivery(database, tenant.id, replayed, act('delivery', params.id));
  if (result.kind === 'not_found') throw notFound();
  if (result.kind === 'endpoint_deleted') throw conflict('The endpoint of this delivery was deleted.');
  if (result.kind === 'endpoint_disabled')
    throw conflict('The endpoint of this delivery is disabled; enable it first.');
  const { id, endpointId } = result.delivery;
  ringDoorbell([{ id, tenantId: tenant.id, endpointId, generation: 0, attemptLimit: result.attemptLimit }]);
  return { status: 202, body: showDelivery(result.delivery) };
}
