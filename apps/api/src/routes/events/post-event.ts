import { splitObject } from '@posthorn/domain/raw-json/split-json';
import type { PostEvent } from '@posthorn/http-api/event';
import { newId } from '@posthorn/runtime/new-id';
import { type AcceptDeps, accept } from '../../events/accept.ts';
import { checkEvents } from '../../events/check-events.ts';
import { digestRequest } from '../../events/digest-request.ts';
import { prepareRequest } from '../../events/prepare-request.ts';
import { readIdempotencyKey } from '../../events/read-idempotency-key.ts';
import type { Answer } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showEvent } from './show-event.ts';

/** `POST /v1/events`: answered once the event and its deliveries are on disk. */
export async function postEvent(
  { tenant, body, bodyText, header, note }: Call<TenantScope, undefined, PostEvent>,
  deps: AcceptDeps,
): Promise<Answer> {
  const { type, jobId = null, data, aggregate_version: aggregateVersion = null, id } = body;
  const { ordering_key: orderingKey = null } = body;
  const key = readIdempotencyKey(header('idempotency-key'), id);
  await checkEvents(tenant, [{ type, data, aggregateVersion, prefix: '' }]);
  const asked = { type, jobId, aggregateVersion, orderingKey, dataText: splitObject(bodyText).get('data') ?? 'null' };
  const idempotency = key === null ? null : { key, position: 0, digest: digestRequest('event', [asked]) };
  const callId = newId();
  const [result] = await accept([prepareRequest(tenant, asked, { callId, idempotency })], deps, note);
  if (!result) throw new Error('An accepted event has no result');
  const answer = { status: 202, body: showEvent(result.event) };
  return result.kind === 'replayed' ? { ...answer, headers: { 'Idempotent-Replayed': 'true' } } : answer;
}
