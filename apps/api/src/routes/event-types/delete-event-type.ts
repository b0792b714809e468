import { EVENT_TYPE_NAME } from '@posthorn/http-api/event-type';
import { deleteEventType as deleteRow } from '@posthorn/store/tenant/delete-event-type';
import { catalogOf } from '../../events/find-types.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';

/** `DELETE /v1/event-types/{name}` */
export async function deleteEventType({ tenant, params: { name }, act }: Call): Promise<Answer> {
  if (!EVENT_TYPE_NAME.test(name)) throw notFound();
  if (await deleteRow(tenant.database, tenant.id, name, act('event_type', name))) return noContent;
  if (catalogOf(tenant.profile).has(name)) throw conflict('This type belongs to the profile and cannot be deleted.');
  throw notFound();
}
