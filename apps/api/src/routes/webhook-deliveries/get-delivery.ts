import { encodeTypeId } from '@posthorn/domain/type-id';
import { findDelivery } from '@posthorn/store/tenant/find-delivery';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showAttempt } from './show-attempt.ts';
import { showDelivery } from './show-delivery.ts';

/** `GET /v1/webhook-deliveries/{id}` */
export async function getDelivery({ tenant, params }: Call): Promise<Answer> {
  const row = await findDelivery(tenant.database, readPathId('delivery', params.id));
  if (!row) throw notFound();
  const { event, attemptLog, waitsFor, ...delivery } = row;
  const waits_for = waitsFor === null ? null : encodeTypeId('delivery', waitsFor);
  return ok({ ...showDelivery(delivery), waits_for, payload: event.payload, attempt_log: attemptLog.map(showAttempt) });
}
