import { splitArray, splitObject } from '@posthorn/domain/raw-json/split-json';
import type { PostEvent, postEventBatchBody } from '@posthorn/http-api/event';
import { newId } from '@posthorn/runtime/new-id';
import type { Steps } from '@posthorn/runtime/pace-work';
import type { EventRequest } from '@posthorn/store/engine/event-request';
import type { z } from 'zod';
import { type AcceptDeps, accept } from '../../events/accept.ts';
import { judgeEvents, type KnownTypes, typesFor } from '../../events/check-events.ts';
import { digestRequest } from '../../events/digest-request.ts';
import { type AskedEvent, prepareRequest } from '../../events/prepare-request.ts';
import { readKeyHeader } from '../../events/read-idempotency-key.ts';
import type { Answer } from '../../http/answer.ts';
import { invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showEvent } from './show-event.ts';

function* askedEvents(events: readonly PostEvent[], bodyText: string): Steps<AskedEvent[]> {
  const text = splitObject(bodyText).get('events') ?? '[]';
  yield;
  const texts = splitArray(text);
  yield;
  return events.map((event, index) => ({
    type: event.type,
    jobId: event.jobId ?? null,
    aggregateVersion: event.aggregate_version ?? null,
    orderingKey: event.ordering_key ?? null,
    dataText: splitObject(texts[index] ?? '{}').get('data') ?? 'null',
  }));
}

function refuseTwoKeys(events: readonly PostEvent[], header: string | null): void {
  const index = header === null ? -1 : events.findIndex(({ id }) => id !== undefined);
  if (index < 0) return;
  throw invalid({
    path: `events.${index}.id`,
    message: 'must not stand beside the header Idempotency-Key, which keys the whole batch',
  });
}

/** A batch's key covers its whole body, so that a batch of another length does not pass for the same. */
function idempotencyOf(
  asked: readonly AskedEvent[],
  ids: readonly (string | undefined)[],
  header: string | null,
): (index: number) => EventRequest['idempotency'] {
  if (header !== null) {
    const digest = digestRequest('batch', asked);
    return (position) => ({ key: header, position, digest });
  }
  return (index) => {
    const [id, event] = [ids[index], asked[index]];
    return id === undefined || !event ? null : { key: id, position: 0, digest: digestRequest('event', [event]) };
  };
}

type BatchCall = Call<TenantScope, undefined, z.output<typeof postEventBatchBody>>;

/** What is stored of the batch; a large one is judged and made in steps. @throws AppError `invalid` */
function* prepareBatch(
  { tenant, body, bodyText }: BatchCall,
  key: string | null,
  types: KnownTypes,
): Steps<EventRequest[]> {
  const { events } = body;
  const posted = events.map(({ type, data, aggregate_version: aggregateVersion = null }, index) => {
    return { type, data, aggregateVersion, prefix: `events.${index}.` };
  });
  judgeEvents(tenant, posted, types);
  yield;
  const asked = yield* askedEvents(events, bodyText);
  yield;
  const ids = events.map(({ id }) => id);
  const idempotency = idempotencyOf(asked, ids, key);
  yield;
  const callId = newId();
  return asked.map((event, index) => prepareRequest(tenant, event, { callId, idempotency: idempotency(index) }));
}

/** `POST /v1/events/batch`: all are accepted or none. */
export async function postEventBatch(call: BatchCall, deps: AcceptDeps): Promise<Answer> {
  const { tenant, body, header, note, work } = call;
  const key = readKeyHeader(header('idempotency-key'));
  refuseTwoKeys(body.events, key);
  const names = body.events.map(({ type }) => type);
  const types = await typesFor(tenant, names);
  const requests = await work(prepareBatch(call, key, types));
  const results = await accept(requests, deps, note);
  const answer = { status: 202, body: { events: results.map(({ event }) => showEvent(event)) } };
  const replayed = results.every(({ kind }) => kind === 'replayed');
  return replayed ? { ...answer, headers: { 'Idempotent-Replayed': 'true' } } : answer;
}
