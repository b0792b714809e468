import { findEvent } from '@posthorn/store/tenant/find-event';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showEvent } from './show-event.ts';

/** `GET /v1/events/{id}` */
export async function getEvent({ tenant, params }: Call): Promise<Answer> {
  const event = await findEvent(tenant.database, readPathId('event', params.id));
  if (!event) throw notFound();
  return ok({ ...showEvent(event), payload: event.payload });
}
