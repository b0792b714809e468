// Ordering keys as the API takes and shows them; no dispatcher runs, so what is first in its line stays open.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { digestRequest } from '../src/events/digest-request.ts';
import { addEndpoint, startApi, type TestApi, type TestTenant } from './start-api.ts';

const MAX_CHARACTERS = 128;

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  tenant = await api.tenant();
});
afterAll(() => api.close());

const event = (fields: object = {}) => ({ type: 'domain.verified', data: { hostname: 'a' }, ...fields });
const keyed = (orderingKey: unknown, fields: object = {}) => event({ ordering_key: orderingKey, ...fields });
const call = (method: string, path: string, body?: unknown) =>
  api.request(method, path, { key: tenant.key, ...(body !== undefined && { body }) });
const post = async (fields: object) => (await call('POST', '/v1/events', fields)).body;

interface Line {
  readonly status: string;
  readonly id: string;
  readonly held: boolean;
  readonly ordering_key: string | null;
  readonly next_retry_at: string | null;
  readonly waits_for: string | null;
}

/** Deliveries of events, each as it is read by itself. */
async function deliveriesOf(...events: readonly { readonly id: string }[]): Promise<Line[]> {
  const pages = await Promise.all(events.map(({ id }) => call('GET', `/v1/webhook-deliveries?event_id=${id}`)));
  const ids = pages.flatMap(({ body }) => body.data.map(({ id }) => id));
  const read = await Promise.all(ids.map((id) => call('GET', `/v1/webhook-deliveries/${id}`)));
  return read.map(({ text }) => JSON.parse(text) as Line);
}

describe('An ordering key', () => {
  test('is shown on the event and its deliveries; the second of a key is held and says whom it waits for', async () => {
    await addEndpoint(api, tenant.key);
    const [first, second, other] = [await post(keyed('a')), await post(keyed('a')), await post(keyed('b'))];
    expect(first).toMatchObject({ ordering_key: 'a' });
    expect((await call('GET', `/v1/events/${second.id}`)).body).toMatchObject({ ordering_key: 'a' });
    const [head, held, free] = await deliveriesOf(first, second, other);
    expect(head).toMatchObject({ held: false, waits_for: null, ordering_key: 'a', next_retry_at: expect.any(String) });
    expect(held).toMatchObject({ status: 'pending', held: true, waits_for: head?.id, next_retry_at: null });
    expect(free).toMatchObject({ held: false, waits_for: null, ordering_key: 'b' });
    const list = await call('GET', '/v1/webhook-deliveries?overdue=true');
    expect(list.body.data.map(({ id }) => id)).not.toContain(held?.id);
  });

  test('that is missing or null is none: nothing of it is shown, nobody waits', async () => {
    await addEndpoint(api, tenant.key);
    const events = [await post(event()), await post(keyed(null)), await post(keyed(null))];
    for (const each of events) expect(each).not.toHaveProperty('ordering_key');
    for (const each of await deliveriesOf(...events)) expect(each).toMatchObject({ held: false, ordering_key: null });
  });

  test.each([[''], ['x'.repeat(MAX_CHARACTERS + 1)], [7], ['a\0b']])('is refused where it is none: %j', async (key) => {
    const { status, body } = await call('POST', '/v1/events', keyed(key));
    expect([status, body.errors[0].path]).toEqual([400, 'ordering_key']);
  });

  test('may have any 128 characters', async () => {
    const key = '😀'.repeat(MAX_CHARACTERS);
    expect(await post(keyed(key))).toMatchObject({ ordering_key: key });
  });

  test('of each event of a batch makes lines in the order of the batch', async () => {
    await addEndpoint(api, tenant.key);
    const { body } = await call('POST', '/v1/events/batch', { events: [keyed('a'), event(), keyed('b'), keyed('a')] });
    const lines = await deliveriesOf(...body.events);
    expect(lines.map(({ held }) => held)).toEqual([false, false, false, true]);
    expect(lines[3]?.waits_for).toBe(lines[0]?.id);
  });

  test('goes with both halves of a pair, and with what a transition fires', async () => {
    await addEndpoint(api, tenant.key);
    const fired = await post({ ...keyed('a', { jobId: 'j-1' }), type: 'ssl.issued' });
    const halves = await deliveriesOf(fired, fired.fired_with[0]);
    expect(halves.map(({ held, ordering_key: key }) => [held, key])).toEqual([
      [false, 'a'],
      [true, 'a'],
    ]);
    const moved = await call('POST', '/v1/lifecycles/connection/c-1/transitions', {
      to: 'propagating',
      data: { hostname: 'a', setup_type: 'automatic' },
      ordering_key: 'a',
    });
    expect(moved.status).toBe(200);
    expect(await deliveriesOf(...moved.body.events)).toMatchObject([{ held: true, ordering_key: 'a' }]);
  });

  test('is part of what an idempotency key stands for; without one the digest is what it always was', async () => {
    const asked = { ...keyed('a'), id: 'once' };
    const first = await call('POST', '/v1/events', asked);
    expect((await call('POST', '/v1/events', asked)).text).toBe(first.text);
    expect((await call('POST', '/v1/events', { ...asked, ordering_key: 'b' })).status).toBe(409);
    expect((await call('POST', '/v1/events', { ...asked, ordering_key: null })).status).toBe(409);
    const plain = { type: 'domain.verified', jobId: 'j', aggregateVersion: null, dataText: '{}' };
    const always = createHash('sha256').update('event').update('["domain.verified","j",null,"{}"]').digest();
    expect(digestRequest('event', [plain])).toEqual(always);
    expect(digestRequest('event', [{ ...plain, orderingKey: null }])).toEqual(always);
  });

  test('is none of a replay’s, which waits for nobody', async () => {
    await addEndpoint(api, tenant.key);
    const [head] = await deliveriesOf(await post(keyed('a')));
    const replayed = await call('POST', `/v1/webhook-deliveries/${head?.id}/replay`);
    expect(replayed.body).toMatchObject({ held: false, ordering_key: null, replay_of: head?.id });
  });
});

describe('A held delivery', () => {
  test('goes as soon as the one before it is cancelled, and may be cancelled itself', async () => {
    await addEndpoint(api, tenant.key);
    const [first, second, third] = [await post(keyed('a')), await post(keyed('a')), await post(keyed('a'))];
    const [head, next, last] = await deliveriesOf(first, second, third);
    const cancelled = await call('POST', `/v1/webhook-deliveries/${next?.id}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', held: false, next_retry_at: null });
    await call('POST', `/v1/webhook-deliveries/${head?.id}/cancel`);
    await eventually(async () =>
      expect(await deliveriesOf(third)).toMatchObject([{ id: last?.id, held: false, waits_for: null }]),
    );
  });

  test('is cancelled with its endpoint', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const second = [await post(keyed('a')), await post(keyed('a'))][1] as { id: string };
    await call('PATCH', `/v1/webhook-endpoints/${id}`, { status: 'disabled' });
    expect(await deliveriesOf(second)).toMatchObject([{ status: 'cancelled', held: false }]);
  });
});

describe('ordering_skip_after', () => {
  test('is null unless set, and can be set, changed and taken back', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const path = `/v1/webhook-endpoints/${id}`;
    expect((await call('GET', path)).body).toMatchObject({ ordering_skip_after: null });
    for (const after of [1, 100, null])
      expect((await call('PATCH', path, { ordering_skip_after: after })).body).toMatchObject({
        ordering_skip_after: after,
      });
    const made = await addEndpoint(api, tenant.key, { ordering_skip_after: 3 });
    expect(made).toMatchObject({ ordering_skip_after: 3 });
  });

  test.each([0, -1, 1.5, 101, '3'])('is refused as %j', async (after) => {
    const { id } = await addEndpoint(api, tenant.key);
    const { status, body } = await call('PATCH', `/v1/webhook-endpoints/${id}`, { ordering_skip_after: after });
    expect([status, body.errors[0].path]).toEqual([400, 'ordering_skip_after']);
  });
});
