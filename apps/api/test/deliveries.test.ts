import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import {
  type ApiAnswer,
  addEndpoint,
  addEvent,
  deliveriesOf,
  type Shown,
  startApi,
  type TestApi,
  type TestTenant,
  unknownId,
} from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
let endpointId: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  endpointId = (await addEndpoint(api, tenant.key)).id;
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: unknown) => api.request(method, path, { key: tenant.key, body });
const list = async (query: string) => (await call('GET', `/v1/webhook-deliveries?${query}`)).body.data;

async function newDelivery(): Promise<Shown> {
  const event = await addEvent(api, tenant.key);
  const [delivery] = await deliveriesOf(api, tenant.key, event.id);
  return delivery;
}

/** Ends a delivery as a dispatcher would, with attempts in its log. */
async function finish(id: string, attempts: number): Promise<void> {
  const uuid = decodeTypeId('delivery', id);
  await runSql(
    api.databaseUrl,
    `WITH log AS (
       INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status, request_headers)
       SELECT d.id, n, gen_random_uuid(), d.tenant_id, d.endpoint_id, now(), 7, 'rejected', 500, '{"a":"b"}'
       FROM deliveries d, generate_series(1, $2::int) n WHERE d.id = $1)
     UPDATE deliveries SET status = 'failed', attempts = $2::int, due_at = NULL, completed_at = now(), last_response_status = 500 WHERE id = $1`,
    [uuid, attempts],
  );
}

test('a pending delivery shows every field', async () => {
  const event = await addEvent(api, tenant.key, { jobId: 'fields' });
  const [delivery] = await deliveriesOf(api, tenant.key, event.id);
  expect(delivery).toEqual({
    id: expect.stringMatching(/^dlv_/),
    endpoint_id: endpointId,
    event_id: event.id,
    type: 'domain.verified',
    jobId: 'fields',
    status: 'pending',
    attempts: 0,
    next_retry_at: expect.any(String),
    held: false,
    last_response_status: null,
    last_error: null,
    replay_of: null,
    ordering_key: null,
    created_at: event.sent_at,
    completed_at: null,
  });
  const { body } = await call('GET', `/v1/webhook-deliveries/${delivery.id}`);
  const { payload } = (await call('GET', `/v1/events/${event.id}`)).body;
  expect(body).toEqual({ ...delivery, waits_for: null, payload, attempt_log: [] });
});

describe('the list', () => {
  test('filters by each field, and by all together', async () => {
    const { id } = await addEndpoint(api, tenant.key, { events: ['domain.drift'] });
    const drift = await addEvent(api, tenant.key, { type: 'domain.drift', jobId: 'filtered' });
    const mine = (await deliveriesOf(api, tenant.key, drift.id)).find((delivery) => delivery.endpoint_id === id);
    const ids = async (query: string) => (await list(query)).map((delivery) => delivery.id);
    expect(await ids(`endpoint_id=${id}`)).toEqual([mine?.id]);
    expect(await ids('type=domain.drift')).toHaveLength(2);
    expect(await ids('jobId=filtered')).toHaveLength(2);
    expect(await ids(`created_after=${drift.sent_at}`)).toHaveLength(2);
    expect(await ids(`created_before=${drift.sent_at}`)).not.toContain(mine?.id);
    expect(await ids('status=failed')).toEqual([]);
    expect(await ids(`status=pending&endpoint_id=${id}&event_id=${drift.id}&type=domain.drift&jobId=filtered`)).toEqual(
      [mine?.id],
    );
    expect(await ids(`endpoint_id=${unknownId('ep')}`)).toEqual([]);
    expect(await ids(`event_id=${unknownId('evt')}`)).toEqual([]);
    await call('DELETE', `/v1/webhook-endpoints/${id}`);
    expect(await ids(`endpoint_id=${id}&status=cancelled`)).toEqual([mine?.id]);
  });

  test('pages without gap or repeat', async () => {
    await Promise.all(Array.from({ length: 9 }, () => addEvent(api, tenant.key, { jobId: 'paged' })));
    const whole = (await list('jobId=paged')).map(({ id }) => id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await call('GET', `/v1/webhook-deliveries?jobId=paged&limit=4${cursor}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
    } while (cursor);
    expect(seen).toEqual(whole);
    expect([...whole].sort().reverse()).toEqual(whole);
  });

  test('a filter that is given twice is refused, by name', async () => {
    const { status, body } = await call('GET', '/v1/webhook-deliveries?status=failed&limit=2&status=pending');
    expect([status, body.errors]).toEqual([400, [{ path: 'status', message: 'must be given once' }]]);
  });

  test('takes several statuses, in one list with pages', async () => {
    const { id } = await addEndpoint(api, tenant.key, { events: ['domain.added'] });
    const data = { hostname: 'a', setup_type: 'automatic' };
    const made: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const event = await addEvent(api, tenant.key, { type: 'domain.added', data });
      made.unshift((await deliveriesOf(api, tenant.key, event.id)).find((row) => row.endpoint_id === id)?.id ?? '');
    }
    const [newest = '', second = '', third = '', fourth = '', fifth = '', oldest = ''] = made;
    for (const failed of [second, fifth]) await finish(failed, 1);
    await call('POST', `/v1/webhook-deliveries/${third}/cancel`);
    const ids = async (query: string) => (await list(`endpoint_id=${id}&${query}`)).map((delivery) => delivery.id);
    expect(await ids('status=failed,pending')).toEqual([newest, second, fourth, fifth, oldest]);
    expect(await ids('status=pending,failed,pending')).toEqual([newest, second, fourth, fifth, oldest]);
    expect(await ids('status=cancelled,failed')).toEqual([second, third, fifth]);
    expect(await ids('status=failed')).toEqual([second, fifth]);
    expect(await ids('status=skipped,succeeded')).toEqual([]);
    const first = await call('GET', `/v1/webhook-deliveries?endpoint_id=${id}&status=failed,pending&limit=3`);
    expect(first.body.data.map((row: Shown) => row.id)).toEqual([newest, second, fourth]);
    const rest = await call(
      'GET',
      `/v1/webhook-deliveries?endpoint_id=${id}&status=failed,pending&limit=2&cursor=${first.body.next_cursor}`,
    );
    expect([rest.body.data.map((row: Shown) => row.id), rest.body.next_cursor]).toEqual([[fifth, oldest], null]);
  });

  test('finds what is overdue: open and due, of this tenant, as the statistics count it', async () => {
    const own = await api.tenant();
    const endpoint = await addEndpoint(api, own.key);
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const event = await addEvent(api, own.key, { jobId: `overdue-${index % 2}` });
      made.unshift((await deliveriesOf(api, own.key, event.id))[0]?.id);
    }
    const [waits = '', newest = '', done = '', middle = '', oldest = ''] = made;
    await runSql(api.databaseUrl, `UPDATE deliveries SET due_at = now() + interval '1 hour' WHERE id = $1`, [
      decodeTypeId('delivery', waits),
    ]);
    await finish(done, 1);
    const ask = async (query: string) =>
      (await api.request('GET', `/v1/webhook-deliveries?overdue=true${query}`, { key: own.key })).body;
    const ids = async (query: string) => (await ask(query)).data.map((row: Shown) => row.id);
    expect(await ids('')).toEqual([newest, middle, oldest]);
    expect((await ask('')).data[0]).toMatchObject({ status: 'pending', endpoint_id: endpoint.id });
    const { body: stats } = await api.request('GET', '/v1/stats?range=1h', { key: own.key });
    expect(stats).toMatchObject({ overdue: { count: 3 } });
    const page = await ask('&limit=2');
    expect(page.data.map((row: Shown) => row.id)).toEqual([newest, middle]);
    expect(await ids(`&limit=2&cursor=${page.next_cursor}`)).toEqual([oldest]);
    expect(await ids('&jobId=overdue-1')).toEqual([newest, middle]);
    expect(await ids('&status=pending,failed&type=domain.verified')).toHaveLength(3);
    expect(await ids('&status=retrying')).toEqual([]);
    expect(await ids(`&endpoint_id=${unknownId('ep')}`)).toEqual([]);
    expect(await ids(`&created_before=2020-01-01T00:00:00Z`)).toEqual([]);
  });

  test.each([
    'status=',
    'status=failed,',
    'status=failed,nope',
    'status=failed, retrying',
    'status=Failed',
    'overdue=false',
    'overdue=',
  ])('400 with what may stand there for ?%s', async (query) => {
    const { status, body } = await call('GET', `/v1/webhook-deliveries?${query}`);
    const name = query.split('=')[0];
    const message = name === 'status' ? /^must be one of pending, .* with commas between$/ : /^must be true/;
    expect([status, body.errors]).toEqual([400, [{ path: name, message: expect.stringMatching(message) }]]);
  });

  test.each(['status=nope', 'endpoint_id=nope', 'event_id=evt_x', 'endpoint_id=', 'limit=abc', 'cursor=abc', 'x=1'])(
    '400 for ?%s',
    async (query) => {
      const answer = await call('GET', `/v1/webhook-deliveries?${query}`);
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, query.split('=')[0]]);
    },
  );
});

describe('attempts', () => {
  test('are listed newest first by page, and stand oldest first in the delivery', async () => {
    const { id } = await newDelivery();
    await finish(id, 5);
    const numbers = ({ body }: ApiAnswer) => body.data.map(({ number }) => number);
    const first = await call('GET', `/v1/webhook-deliveries/${id}/attempts?limit=3`);
    expect(numbers(first)).toEqual([5, 4, 3]);
    const rest = await call('GET', `/v1/webhook-deliveries/${id}/attempts?limit=3&cursor=${first.body.next_cursor}`);
    expect([numbers(rest), rest.body.next_cursor]).toEqual([[2, 1], null]);
    const { body } = await call('GET', `/v1/webhook-deliveries/${id}`);
    expect(body.attempt_log.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(body.attempt_log[0]).toEqual({
      id: expect.stringMatching(/^att_/),
      number: 1,
      started_at: expect.any(String),
      duration_ms: 7,
      outcome: 'rejected',
      response_status: 500,
      response_headers: null,
      response_body: null,
      error: null,
      request_headers: { a: 'b' },
    });
  });

  test('404 for a delivery that does not exist', async () => {
    expect((await call('GET', `/v1/webhook-deliveries/${unknownId('dlv')}/attempts`)).status).toBe(404);
  });
});

describe('replay', () => {
  test('202 makes a new delivery of the same bytes, and the ledger stays balanced', async () => {
    const { id, event_id: eventId } = await newDelivery();
    await finish(id, 6);
    const before = (await call('GET', '/v1/ledger')).body;
    const answer = await call('POST', `/v1/webhook-deliveries/${id}/replay`);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      status: 'pending',
      attempts: 0,
      replay_of: id,
      event_id: eventId,
      endpoint_id: endpointId,
    });
    const [old, fresh] = await Promise.all(
      [id, answer.body.id].map((one) => call('GET', `/v1/webhook-deliveries/${one}`)),
    );
    expect(fresh?.body.payload).toBe(old?.body.payload);
    const after = (await call('GET', '/v1/ledger')).body;
    expect(after).toMatchObject({
      events_accepted: before.events_accepted,
      deliveries: before.deliveries + 1,
      balanced: true,
    });
    const job = {
      deliveryId: decodeTypeId('delivery', answer.body.id) ?? '',
      endpointId: decodeTypeId('endpoint', endpointId) ?? '',
      generation: 0,
    };
    await eventually(async () => expect(await api.deps.producer.findJobs([job])).toEqual(['due']));
  });

  test('404, and 409 for a disabled or deleted endpoint', async () => {
    expect((await call('POST', `/v1/webhook-deliveries/${unknownId('dlv')}/replay`)).status).toBe(404);
    const { id } = await addEndpoint(api, tenant.key, { events: ['domain.added'] });
    const event = await addEvent(api, tenant.key, {
      type: 'domain.added',
      data: { hostname: 'a', setup_type: 'automatic' },
    });
    const delivery = (await deliveriesOf(api, tenant.key, event.id)).find((row) => row.endpoint_id === id);
    const replay = () => call('POST', `/v1/webhook-deliveries/${delivery?.id}/replay`);
    await call('PATCH', `/v1/webhook-endpoints/${id}`, { status: 'disabled' });
    expect((await replay()).status).toBe(409);
    await call('DELETE', `/v1/webhook-endpoints/${id}`);
    expect((await replay()).status).toBe(409);
  });
});

describe('cancel', () => {
  test('200 once, 409 afterwards, 404 for nothing', async () => {
    const { id } = await newDelivery();
    const answer = await call('POST', `/v1/webhook-deliveries/${id}/cancel`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'cancelled', next_retry_at: null, last_error: 'Cancelled on request' });
    expect(answer.body.completed_at).not.toBeNull();
    expect((await call('POST', `/v1/webhook-deliveries/${id}/cancel`)).status).toBe(409);
    expect((await call('POST', `/v1/webhook-deliveries/${unknownId('dlv')}/cancel`)).status).toBe(404);
  });

  test('at once it is cancelled once', async () => {
    const { id } = await newDelivery();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => call('POST', `/v1/webhook-deliveries/${id}/cancel`)),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409, 409, 409]);
  });
});

test('the ledger names every status, and how late the oldest due delivery is', async () => {
  const own = await api.tenant();
  const empty = await api.request('GET', '/v1/ledger', { key: own.key });
  const none = { pending: 0, retrying: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };
  expect(empty.body).toEqual({
    events_accepted: 0,
    deliveries: 0,
    by_status: none,
    oldest_due_ms: 0,
    dropped: { events: 0, deliveries: 0 },
    balanced: true,
  });
  await addEndpoint(api, own.key);
  await addEvent(api, own.key);
  await eventually(async () => {
    const { body } = await api.request('GET', '/v1/ledger', { key: own.key });
    const counts = { events_accepted: 1, deliveries: 1, by_status: { ...none, pending: 1 }, balanced: true };
    expect(body).toMatchObject(counts);
    expect(body.oldest_due_ms).toBeGreaterThanOrEqual(20);
  });
});

test('the operator’s ledger tells how many due deliveries have no job, and every figure is a metric', async () => {
  const own = await api.tenant();
  const endpoint = await addEndpoint(api, own.key);
  await addEvent(api, own.key);
  const read = async () => (await api.request('GET', '/v1/ledger', { key: TEST_ADMIN_KEY })).body;
  const [delivery] = (await api.request('GET', `/v1/webhook-deliveries?endpoint_id=${endpoint.id}`, { key: own.key }))
    .body.data;
  const job = await eventually(async () => {
    const row = await api.deps.database.delivery.findFirst({
      where: { id: decodeTypeId('delivery', delivery.id) ?? '' },
      select: { id: true, endpointId: true, generation: true },
    });
    if (!row) throw new Error('No row');
    expect(await api.deps.producer.findJobs([{ ...row, deliveryId: row.id }])).toEqual(['due']);
    return row;
  });
  const before = await read();
  await api.deps.database.delivery.update({ where: { id: job.id }, data: { generation: job.generation + 1 } });
  await eventually(async () => expect((await read()).drift).toBe((before.drift ?? 0) + 1));

  const metrics = (await api.request('GET', '/metrics')).text;
  const { events_accepted: events, deliveries, by_status: byStatus } = await read();
  expect(metrics).toContain(`posthorn_ledger_events{service="api"} ${events}`);
  expect(metrics).toContain(`posthorn_ledger_deliveries{service="api"} ${deliveries}`);
  expect(metrics).toContain(`posthorn_deliveries{status="pending",service="api"} ${byStatus['pending']}`);
  expect(metrics).toMatch(/^posthorn_oldest_due_seconds\{service="api"\} [\d.]+$/m);
});

test('A cursor of another list is none of this one', async () => {
  await addEvent(api, tenant.key);
  await addEvent(api, tenant.key);
  const { body } = await api.request('GET', '/v1/events?limit=1', { key: tenant.key });
  expect(body.next_cursor).toMatch(/^[\w-]+$/);
  const answer = await api.request('GET', `/v1/webhook-deliveries?cursor=${body.next_cursor}`, { key: tenant.key });
  expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, 'cursor']);
});
