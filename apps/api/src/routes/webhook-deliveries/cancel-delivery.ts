import { cancelDelivery } from '@posthorn/store/tenant/cancel-delivery';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showDelivery } from './show-delivery.ts';

/** `POST /v1/webhook-deliveries/{id}/cancel` */
export async function postCancel(
  { tenant, params, act }: Call,
  { announceEndpoint, releaseLines }: Pick<Deps, 'announceEndpoint' | 'releaseLines'>,
): Promise<Answer> {
  const id = readPathId('delivery', params.id);
  const result = await cancelDelivery(tenant.database, tenant.id, id, act('delivery', params.id));
  if (result.kind === 'not_found') throw notFound();
  if (result.kind === 'final') throw conflict(`This delivery is final: ${result.status}.`);
  const { endpointId, orderingKey } = result.delivery;
  // It may be claimed and not sent yet: it must not go out after this answer, nor after the next of its line.
  await announceEndpoint(endpointId);
  if (orderingKey !== null) releaseLines([{ endpointId, orderingKey }]);
  return ok(showDelivery(result.delivery));
}
