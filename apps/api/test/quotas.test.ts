import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { closeDatabase, openDatabase } from '@posthorn/store/open-database';
import { runSql } from '@posthorn/testkit/run-sql';

import { addEndpoint, addEvent, deliveriesOf, startApi, type TestApi, type TestTenant } from './start-api.ts';

/** Much less than the 3 s that a statement waits for a row. */
const ROW_HELD_MS = 1_000;
const UPGRADE_URL = 'https://acme.example/plans';

interface Used {
  readonly endpoints: { readonly used: number; readonly limit: number | null };
  readonly events_per_month: {
    readonly used: number | null;
    readonly limit: number | null;
    readonly resets_at: string;
  };
}

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await startApi({ upgradeUrl: UPGRADE_URL });
});
beforeEach(async () => {
  tenant = await api.tenant();
});
afterAll(() => api.close());

const event = (fields: object = {}) => ({
  type: 'domain.verified',
  jobId: 'job-1',
  data: { hostname: 'app.customer.example' },
  ...fields,
});
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  api.request('POST', path, { key: tenant.key, body, headers });
const postOne = (fields: object = {}, headers: Record<string, string> = {}) =>
  post('/v1/events', event(fields), headers);
const endpoint = () => post('/v1/webhook-endpoints', { url: 'http://127.0.0.1:9/hook', events: [] });

async function setQuotas(quotas: object, one = tenant): Promise<void> {
  const answer = await api.request('PATCH', `/v1/tenants/${one.id}`, { key: api.adminKey, body: { quotas } });
  expect([answer.status, answer.body]).toMatchObject([200, { quotas }]);
}
const used = async (): Promise<Used> =>
  ((await api.request('GET', '/v1/usage', { key: tenant.key })).body as unknown as { quotas: Used }).quotas;
const eventsUsed = async () => (await used()).events_per_month.used;
const ledger = async () => (await api.request('GET', '/v1/ledger', { key: tenant.key })).body;
const apiCalls = async () => (await api.request('GET', '/v1/usage', { key: tenant.key })).body.data.at(-1)?.count;

describe('A tenant without quotas', () => {
  test('has no limit, and is told so', async () => {
    await addEvent(api, tenant.key);
    expect(await used()).toMatchObject({
      endpoints: { used: 0, limit: null },
      events_per_month: { used: null, limit: null, resets_at: expect.stringMatching(/-01T00:00:00\.000Z$/) },
    });
    const shown = await api.request('GET', `/v1/tenants/${tenant.id}`, { key: api.adminKey });
    expect(shown.body).toMatchObject({
      quotas: { endpoints: null, events_per_month: null },
      quota_usage: { endpoints: 0, events_this_month: null },
    });
  });
});

describe('A quota of events', () => {
  test('is told with where to get more, as the refusal is', async () => {
    const { body } = await api.request('GET', '/v1/usage', { key: tenant.key });
    expect(body).toMatchObject({ upgrade_url: UPGRADE_URL });
  });

  test('refuses what goes beyond it with 402, says where to get more, and stores nothing of it', async () => {
    await addEndpoint(api, tenant.key);
    await setQuotas({ events_per_month: 2 });
    expect([(await postOne()).status, (await postOne()).status]).toEqual([202, 202]);
    const refused = await postOne();
    expect(refused.status).toBe(402);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.body).toMatchObject({ code: 'QuotaExceeded', status: 402, upgrade_url: UPGRADE_URL });
    expect(await ledger()).toMatchObject({ events_accepted: 2, deliveries: 2, balanced: true });
    expect(await apiCalls()).toBe(2);
    expect(await eventsUsed()).toBe(2);
    const shown = await api.request('GET', `/v1/tenants/${tenant.id}`, { key: api.adminKey });
    expect(shown.body).toMatchObject({ quota_usage: { endpoints: 1, events_this_month: 2 } });
  });

  test('holds for the operator who acts as the tenant', async () => {
    await setQuotas({ events_per_month: 0 });
    const headers = { 'X-Tenant-Id': tenant.id };
    const answer = await api.request('POST', '/v1/events', { key: api.adminKey, headers, body: event() });
    expect(answer.status).toBe(402);
  });

  test('lets exactly as many in as it has room for, however many come at once', async () => {
    await setQuotas({ events_per_month: 37 });
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        postOne({}, index % 3 === 0 ? { 'Idempotency-Key': `key-${index}` } : {}),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(37);
    expect(statuses.filter((status) => status === 402)).toHaveLength(83);
    expect((await ledger()).events_accepted).toBe(37);
    expect([await eventsUsed(), await apiCalls()]).toEqual([37, 37]);
  });

  test('takes a batch whole or not at all', async () => {
    await setQuotas({ events_per_month: 5 });
    const batch = (length: number, key?: string) =>
      post(
        '/v1/events/batch',
        { events: Array.from({ length }, () => event()) },
        key ? { 'Idempotency-Key': key } : {},
      );
    const statuses = [];
    for (const [length, key] of [[3], [3], [3, 'k'], [2, 'k']] as const)
      statuses.push((await batch(length, key)).status);
    expect(statuses).toEqual([202, 402, 402, 202]);
    expect([(await ledger()).events_accepted, await eventsUsed()]).toEqual([5, 5]);
  });

  test('answers what was accepted before once more when it is used up, and counts it once', async () => {
    await setQuotas({ events_per_month: 3 });
    const first = await postOne({}, { 'Idempotency-Key': 'once' });
    const pair = { type: 'ssl.issued', jobId: 'job-2', data: { hostname: 'a.example', certificate: { issuer: 'x' } } };
    const types = (await api.request('GET', '/v1/event-types', { key: tenant.key })).body.data;
    const sample = (types.find(({ name }) => name === 'ssl.issued') as unknown as { sample: object }).sample;
    const fired = await post('/v1/events', { ...pair, data: sample });
    expect([fired.status, fired.body.fired_with.length]).toEqual([202, 1]);
    expect(await eventsUsed()).toBe(3);
    const again = await postOne({}, { 'Idempotency-Key': 'once' });
    expect([again.status, again.body.id, again.headers.get('idempotent-replayed')]).toEqual([
      202,
      first.body.id,
      'true',
    ]);
    const late = await post('/v1/events', { ...pair, data: sample });
    expect([late.status, late.body.id]).toEqual([202, fired.body.id]);
    expect((await postOne({}, { 'Idempotency-Key': 'another' })).status).toBe(402);
    expect(await eventsUsed()).toBe(3);
  });

  test('counts tests and what transitions fire, and not replays; a transition without room does not move', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    await setQuotas({ events_per_month: 1 });
    expect((await post(`/v1/webhook-endpoints/${id}/test`, {})).status).toBe(202);
    expect((await post(`/v1/webhook-endpoints/${id}/test`, {})).status).toBe(402);
    const path = '/v1/lifecycles/connection/c-1';
    const sample = { hostname: 'a.example', setup_type: 'automatic' };
    const moved = await post(`${path}/transitions`, { to: 'propagating', data: sample });
    expect([moved.status, moved.body.code]).toEqual([402, 'QuotaExceeded']);
    expect((await api.request('GET', path, { key: tenant.key })).status).toBe(404);
    const [{ id: deliveryId }] = (await api.request('GET', '/v1/webhook-deliveries', { key: tenant.key })).body.data;
    expect((await post(`/v1/webhook-deliveries/${deliveryId}/replay`, {})).status).toBe(202);
    await setQuotas({ events_per_month: 2 });
    expect((await post(`${path}/transitions`, { to: 'propagating', data: sample })).status).toBe(200);
    expect(await eventsUsed()).toBe(2);
  });

  test('that is below what the month had already is told with what it had', async () => {
    for (let index = 0; index < 3; index += 1) await addEvent(api, tenant.key);
    await setQuotas({ events_per_month: 2 });
    expect([(await postOne()).status, await eventsUsed()]).toEqual([402, 3]);
    await setQuotas({ events_per_month: 4 });
    expect([(await postOne()).status, (await postOne()).status]).toEqual([202, 402]);
  });

  test('counts what the month had before it was set, and begins anew with the next one', async () => {
    await addEvent(api, tenant.key);
    await addEvent(api, tenant.key);
    await setQuotas({ events_per_month: 3 });
    expect([(await postOne()).status, (await postOne()).status]).toEqual([202, 402]);
    await setQuotas({ events_per_month: 4 });
    expect([(await postOne()).status, (await postOne()).status]).toEqual([202, 402]);
    const id = decodeTypeId('tenant', tenant.id);
    const lastMonth = "month = (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date";
    await runSql(api.databaseUrl, `UPDATE tenant_quotas SET ${lastMonth} WHERE tenant_id = $1`, [id]);
    expect(await eventsUsed()).toBe(0);
    expect([(await postOne()).status, await eventsUsed()]).toEqual([202, 1]);
    await setQuotas({ events_per_month: null });
    expect([(await postOne()).status, await eventsUsed()]).toEqual([202, null]);
  });

  test('is its tenant’s alone: what comes at the same moment for others is accepted', async () => {
    const other = await api.tenant();
    await setQuotas({ events_per_month: 1 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        api.request('POST', '/v1/events', { key: index % 2 === 0 ? tenant.key : other.key, body: event() }),
      ),
    );
    const accepted = answers
      .map(({ status }, index) => [index % 2, status] as const)
      .filter(([, status]) => status === 202);
    expect(accepted.filter(([whose]) => whose === 0)).toHaveLength(1);
    expect(accepted.filter(([whose]) => whose === 1)).toHaveLength(30);
  });
});

test('While the row that counts one tenant’s events is held, events of others are accepted as fast as ever', async () => {
  const other = await api.tenant();
  await setQuotas({ events_per_month: 1_000 });
  await setQuotas({ events_per_month: 1_000 }, other);
  const unlimited = await api.tenant();
  const postAs = (key: string) => api.request('POST', '/v1/events', { key, body: event() });
  await Promise.all([tenant, other, unlimited].map(({ key }) => postAs(key)));
  const held: Promise<unknown>[] = [];
  const database = openDatabase(api.databaseUrl, 1);
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM tenant_quotas WHERE tenant_id = ${decodeTypeId('tenant', tenant.id)}::uuid FOR UPDATE`;
    for (let index = 0; index < 40; index += 1) {
      held.push(index % 2 === 0 ? postAs(tenant.key) : postOne({}, { 'Idempotency-Key': `held-${index}` }));
    }
    for (let index = 0; index < 10; index += 1) {
      const startedAt = performance.now();
      const answers = await Promise.all([postAs(other.key), postAs(unlimited.key)]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      expect(performance.now() - startedAt).toBeLessThan(ROW_HELD_MS);
    }
  });
  await closeDatabase(database);
  expect(await Promise.all(held)).toEqual(Array.from({ length: 40 }, () => expect.objectContaining({ status: 202 })));
});

describe('A quota of endpoints', () => {
  test('lets exactly as many in, however many come at once, and one more for each that is deleted', async () => {
    await setQuotas({ endpoints: 3 });
    const answers = await Promise.all(Array.from({ length: 12 }, endpoint));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(3);
    const refused = answers.find(({ status }) => status === 402);
    expect(refused?.body).toMatchObject({ code: 'QuotaExceeded', upgrade_url: UPGRADE_URL });
    expect((await used()).endpoints).toEqual({ used: 3, limit: 3 });
    await api.request('DELETE', `/v1/webhook-endpoints/${made[0]?.body.id}`, { key: tenant.key });
    expect([(await endpoint()).status, (await endpoint()).status]).toEqual([201, 402]);
  });

  test('leaves what there is when it is lowered, and the quota of events when only it is set', async () => {
    await addEndpoint(api, tenant.key);
    await addEndpoint(api, tenant.key);
    await setQuotas({ events_per_month: 10 });
    await setQuotas({ endpoints: 1 });
    expect(await used()).toMatchObject({ endpoints: { used: 2, limit: 1 }, events_per_month: { used: 0, limit: 10 } });
    const sent = await postOne();
    expect(await deliveriesOf(api, tenant.key, sent.body.id)).toHaveLength(2);
    expect((await endpoint()).status).toBe(402);
  });
});

test.each([[{ endpoints: -1 }], [{ endpoints: 1.5 }], [{ events_per_month: '5' }], [{ colour: 1 }], [5]])(
  'the quotas %j are refused',
  async (quotas) => {
    const path = `/v1/tenants/${tenant.id}`;
    expect((await api.request('PATCH', path, { key: api.adminKey, body: { quotas } })).status).toBe(400);
  },
);
