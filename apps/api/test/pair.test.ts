import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addEndpoint, deliveriesOf, type Shown, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let second: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
  second = await startApi({ databaseUrl: api.databaseUrl });
  tenant = await api.tenant();
  await addEndpoint(api, tenant.key);
});
afterAll(async () => {
  await second.close();
  await api.close();
});

const post = (type: string, jobId: string | null, at = api) =>
  at.request('POST', '/v1/events', { key: tenant.key, body: { type, jobId, data: { hostname: 'a', n: type } } });
const eventsOf = async (jobId: string): Promise<readonly Shown[]> =>
  (await api.request('GET', `/v1/events?jobId=${jobId}`, { key: tenant.key })).body.data;
const typesOf = async (jobId: string) => (await eventsOf(jobId)).map(({ type }) => type).sort();

test.each([
  ['ssl.issued', 'domain.flow.completed'],
  ['domain.flow.completed', 'ssl.issued'],
])('%s brings %s along', async (asked, other) => {
  const { status, body } = await post(asked, `both-${asked}`);
  expect(status).toBe(202);
  expect(body).toMatchObject({
    type: asked,
    deliveries: 1,
    fired_with: [{ id: expect.stringMatching(/^evt_/), type: other }],
  });
  const half = await api.request('GET', `/v1/events/${body.fired_with[0].id}`, { key: tenant.key });
  expect(half.body).toMatchObject({ type: other, jobId: `both-${asked}`, fired_with: [{ id: body.id, type: asked }] });
  expect(JSON.parse(half.body.payload).data).toEqual({ hostname: 'a', n: asked });
  expect(await deliveriesOf(api, tenant.key, half.body.id)).toHaveLength(1);
});

test('whoever races, from two processes and with either half, it fires once', async () => {
  const types = ['ssl.issued', 'domain.flow.completed'];
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, index) => post(types[index % 2] as string, 'race', index % 3 ? api : second)),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1);
  expect(await typesOf('race')).toEqual(['domain.flow.completed', 'ssl.issued']);
});

test('it fires again after a drift, not before', async () => {
  const first = await post('ssl.issued', 'drifting');
  const late = await post('domain.flow.completed', 'drifting');
  expect([late.headers.get('idempotent-replayed'), late.text]).toEqual(['true', first.text]);
  await post('domain.drift', 'drifting');
  const again = await post('ssl.issued', 'drifting');
  expect(again.headers.has('idempotent-replayed')).toBe(false);
  expect(again.body.id).not.toBe(first.body.id);
  expect((await post('ssl.issued', 'drifting')).text).toBe(again.text);
});

test('inside a batch the order counts', async () => {
  const data = { hostname: 'a' };
  const events = ['ssl.issued', 'domain.flow.completed', 'domain.drift', 'ssl.issued'].map((type) => ({
    type,
    jobId: 'batch',
    data,
  }));
  const { body } = await api.request('POST', '/v1/events/batch', { key: tenant.key, body: { events } });
  const ids = body.events.map(({ id }: { id: string }) => id);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[3]).not.toBe(ids[0]);
  expect(await typesOf('batch')).toEqual([
    'domain.drift',
    'domain.flow.completed',
    'domain.flow.completed',
    'ssl.issued',
    'ssl.issued',
  ]);
});

test('batches that share subjects in any order are all accepted, and each subject fires once', async () => {
  const own = await api.tenant();
  const jobIds = Array.from({ length: 20 }, (_, index) => `crowd-${index}`);
  const shuffled = (seed: number) => [...jobIds].sort((a, b) => (a + seed > b + seed === seed % 2 > 0 ? 1 : -1));
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => {
      const order = index % 3 === 2 ? [...jobIds.slice(index), ...jobIds.slice(0, index)] : shuffled(index);
      const events = order.map((jobId) => ({ type: 'ssl.issued', jobId, data: { hostname: 'a' } }));
      return api.request('POST', '/v1/events/batch', { key: own.key, body: { events } });
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  const page = await api.request('GET', '/v1/events?limit=200', { key: own.key });
  expect(page.body.data).toHaveLength(2 * jobIds.length);
});

test('without a jobId there is nothing to tell apart, so each post fires', async () => {
  const [one, two] = [await post('ssl.issued', null), await post('ssl.issued', null)];
  expect(two.body.id).not.toBe(one.body.id);
  expect(two.body.fired_with).toHaveLength(1);
});

test('another tenant’s pair is another one', async () => {
  await post('ssl.issued', 'shared');
  const other = await api.tenant();
  const body = { type: 'ssl.issued', jobId: 'shared', data: { hostname: 'a' } };
  const answer = await api.request('POST', '/v1/events', { key: other.key, body });
  expect(answer.headers.has('idempotent-replayed')).toBe(false);
});
