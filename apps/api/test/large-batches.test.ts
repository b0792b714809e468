import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSql } from '@posthorn/testkit/run-sql';
import { addEndpoint, startApi, type TestApi, type TestTenant } from './start-api.ts';

const ENDPOINTS = 60;
/** More than one statement stores. */
const EVENTS = 200;

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  await addEndpoint(api, tenant.key);
  await addEndpoint(api, tenant.key, { events: ['domain.drift', 'domain.verified'] });
  await runSql(
    api.databaseUrl,
    `INSERT INTO endpoints SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).*
     FROM endpoints e, generate_series(2, $1::int) WHERE cardinality(e.events) = 0`,
    [ENDPOINTS - 1],
  );
});
afterAll(() => api.close());

const event = { type: 'domain.verified', data: { hostname: 'app.customer.example' } };
const eventsOf = (count: number) => Array.from({ length: count }, () => event);
const post = (events: readonly object[], headers = {}) =>
  api.request('POST', '/v1/events/batch', { key: tenant.key, body: { events }, headers });

async function stored() {
  const [row] = await runSql<{ events: number; deliveries: number; calls: number }>(
    api.databaseUrl,
    `SELECT (SELECT count(*)::int FROM events) AS events, (SELECT count(*)::int FROM deliveries) AS deliveries,
            (SELECT coalesce(sum(quantity), 0)::int FROM usage_records WHERE kind = 'api_call') AS calls`,
  );
  return row;
}

test('A batch that makes more deliveries than can be stored in time is refused at once with what to do, and nothing of it is stored', async () => {
  const before = await stored();
  const answer = await post(eventsOf(1_000));
  expect([answer.status, answer.body.code]).toEqual([413, 'payload_too_large']);
  expect(answer.body.detail).toBe(
    'These events would make 60000 deliveries, and one request may make 50000; send fewer events at once.',
  );
  expect(await stored()).toEqual(before);
});

test('A batch that one statement could not store in time is stored by several, in its order, and is one call', async () => {
  const before = await stored();
  const answer = await post(eventsOf(EVENTS), { 'Idempotency-Key': 'large' });
  expect(answer.status).toBe(202);
  expect(answer.body.events.map(({ deliveries }) => deliveries)).toEqual(eventsOf(EVENTS).map(() => ENDPOINTS));
  const ids = answer.body.events.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort());
  const { events = 0, deliveries = 0, calls = 0 } = before ?? {};
  const after = { events: events + EVENTS, deliveries: deliveries + EVENTS * ENDPOINTS, calls: calls + 1 };
  expect(await stored()).toEqual(after);
  const again = await post(eventsOf(EVENTS), { 'Idempotency-Key': 'large' });
  expect([again.status, again.headers.get('idempotent-replayed'), again.body.events.length]).toEqual([
    202,
    'true',
    EVENTS,
  ]);
});

test('Of a batch that several statements store all is stored or nothing: the last one beyond the quota undoes the first', async () => {
  const quotas = (events_per_month: number | null) =>
    api.request('PATCH', `/v1/tenants/${tenant.id}`, { key: api.adminKey, body: { quotas: { events_per_month } } });
  await quotas(3 * EVENTS - 1);
  expect((await post(eventsOf(EVENTS))).status).toBe(202);
  const before = await stored();
  expect((await post(eventsOf(EVENTS))).status).toBe(402);
  expect(await stored()).toEqual(before);
});
