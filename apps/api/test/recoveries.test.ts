import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { advanceRecovery } from '@posthorn/store/engine/advance-recovery';
import { addEndpoint, addEvent, startApi, type TestApi, type TestTenant, unknownId } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
let endpointId: string;
const EPOCH = '1970-01-01T00:00:00Z';

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  await api.deps.database.recovery.updateMany({ data: { status: 'stopped', finishedAt: new Date() } });
  tenant = await api.tenant();
  endpointId = (await addEndpoint(api, tenant.key)).id;
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: object, key = tenant.key) =>
  api.request(method, path, { key, ...(body && { body }) });
const recover = (body: object = { since: EPOCH }, id = endpointId, key = tenant.key) =>
  call('POST', `/v1/webhook-endpoints/${id}/recover`, body, key);
const read = async (id: string) => (await call('GET', `/v1/recoveries/${id}`)).body;

/** Events whose deliveries ended with that status, with no dispatcher at work. */
async function deliveries(count: number, status = 'failed'): Promise<void> {
  for (let index = 0; index < count; index += 1) await addEvent(api, tenant.key);
  await api.deps.database.delivery.updateMany({
    where: { tenantId: decodeTypeId('tenant', tenant.id) ?? '', status: 'pending' },
    data: { status, dueAt: null, completedAt: new Date() },
  });
}
const statuses = async () => {
  const { body } = await call('GET', '/v1/webhook-deliveries?limit=200');
  return body.data.map(({ status }) => status).sort();
};
/** What a dispatcher does, until there is nothing to do. */
async function advanceAll(): Promise<number> {
  let made = 0;
  for (;;) {
    const chunk = await advanceRecovery(api.deps.database);
    if (chunk === null) return made;
    made += chunk.length;
  }
}

describe('POST /v1/webhook-endpoints/{id}/recover', () => {
  test('202 replays what failed, was cancelled or skipped, and nothing else', async () => {
    await deliveries(2, 'failed');
    await deliveries(1, 'cancelled');
    await deliveries(1, 'skipped');
    await deliveries(3, 'succeeded');
    const { status, body } = await recover();
    expect([status, body]).toEqual([202, { id: expect.stringMatching(/^rec_/), matched: 4 }]);
    expect(await read(body.id)).toMatchObject({ status: 'running', matched: 4, replayed: 0, finished_at: null });
    expect(await advanceAll()).toBe(4);
    expect(await read(body.id)).toMatchObject({ status: 'done', matched: 4, replayed: 4 });
    expect((await statuses()).filter((each) => each === 'pending')).toHaveLength(4);
    const { body: page } = await call('GET', '/v1/webhook-deliveries?status=pending');
    expect(new Set(page.data.map((row) => row.replay_of)).size).toBe(4);
  });

  test('what was replayed since is not sent once more: of each event the latest delivery counts', async () => {
    await deliveries(2);
    await recover();
    await advanceAll();
    expect((await recover()).body.matched).toBe(0);
    await api.deps.database.delivery.updateMany({
      where: { status: 'pending', tenantId: decodeTypeId('tenant', tenant.id) ?? '' },
      data: { status: 'failed', dueAt: null, completedAt: new Date() },
    });
    expect((await recover()).body.matched).toBe(2);
  });

  test('200 for a dry run, which counts and replays nothing', async () => {
    await deliveries(3);
    const answer = await recover({ since: EPOCH, dry_run: true });
    expect([answer.status, answer.body]).toEqual([200, { id: null, matched: 3 }]);
    expect(await advanceAll()).toBe(0);
  });

  test('since, until and statuses choose', async () => {
    await deliveries(1);
    const between = new Date().toISOString();
    await deliveries(1, 'skipped');
    const matched = async (body: object) => (await recover({ dry_run: true, ...body })).body.matched;
    expect(await matched({ since: EPOCH, until: between })).toBe(1);
    expect(await matched({ since: between })).toBe(1);
    expect(await matched({ since: between, statuses: ['failed'] })).toBe(0);
    expect(await matched({ since: EPOCH, statuses: ['succeeded'] })).toBe(0);
    expect(await matched({ since: EPOCH, statuses: ['failed', 'failed', 'skipped'] })).toBe(2);
  });

  test.each([
    [{}, 'since'],
    [{ since: 'yesterday' }, 'since'],
    [{ since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 'until'],
    [{ since: EPOCH, statuses: [] }, 'statuses'],
    [{ since: EPOCH, statuses: ['pending'] }, 'statuses.0'],
    [{ since: EPOCH, more: 1 }, 'more'],
  ])('400 for %j names %s', async (body, path) => {
    const answer = await recover(body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });

  test('409 while the endpoint is disabled, 404 when there is none', async () => {
    await call('PATCH', `/v1/webhook-endpoints/${endpointId}`, { status: 'disabled' });
    expect((await recover()).status).toBe(409);
    expect((await recover({ since: EPOCH, dry_run: true })).status).toBe(200);
    expect((await recover({ since: EPOCH }, unknownId('ep'))).status).toBe(404);
  });

  test('another tenant’s deliveries are never touched', async () => {
    await deliveries(2);
    const other = await api.tenant();
    expect((await recover({ since: EPOCH }, endpointId, other.key)).status).toBe(404);
    const { body } = await recover();
    expect((await call('GET', `/v1/recoveries/${body.id}`, undefined, other.key)).status).toBe(404);
    expect((await call('DELETE', `/v1/recoveries/${body.id}`, undefined, other.key)).status).toBe(404);
  });
});

describe('While it runs', () => {
  test('DELETE stops it; what was replayed stays', async () => {
    await deliveries(3);
    const { body } = await recover();
    expect((await call('DELETE', `/v1/recoveries/${body.id}`)).status).toBe(204);
    expect(await advanceAll()).toBe(0);
    expect(await read(body.id)).toMatchObject({ status: 'stopped', replayed: 0, finished_at: expect.any(String) });
    expect((await call('DELETE', `/v1/recoveries/${body.id}`)).status).toBe(204);
    expect((await call('DELETE', `/v1/recoveries/${unknownId('rec')}`)).status).toBe(404);
  });

  test('it stops when the endpoint is disabled or deleted', async () => {
    await deliveries(1);
    const { body } = await recover();
    await call('PATCH', `/v1/webhook-endpoints/${endpointId}`, { status: 'disabled' });
    expect(await advanceAll()).toBe(0);
    expect(await read(body.id)).toMatchObject({ status: 'stopped', replayed: 0 });
  });

  test('several dispatchers together replay each delivery once, in the order in which they were made', async () => {
    const events = Array.from({ length: 450 }, () => ({ type: 'domain.verified', data: { hostname: 'a' } }));
    await call('POST', '/v1/events/batch', { events });
    await deliveries(0);
    const { body } = await recover();
    expect(body.matched).toBe(450);
    const made = (await Promise.all([advanceAll(), advanceAll(), advanceAll()])).reduce((sum, count) => sum + count, 0);
    expect(made + (await advanceAll())).toBe(450);
    const rows = await api.deps.database.delivery.findMany({
      where: { endpointId: decodeTypeId('endpoint', endpointId) ?? '', status: 'pending' },
      select: { replayOf: true },
    });
    expect(new Set(rows.map(({ replayOf }) => replayOf)).size).toBe(450);
  });

  test('it waits while its endpoint has a thousand deliveries open', async () => {
    const events = (count: number) =>
      Array.from({ length: count }, () => ({ type: 'domain.verified', data: { hostname: 'a' } }));
    await call('POST', '/v1/events/batch', { events: events(10) });
    await deliveries(0);
    await call('POST', '/v1/events/batch', { events: events(996) });
    const { body } = await recover();
    expect(await advanceAll()).toBe(4);
    expect(await read(body.id)).toMatchObject({ status: 'running', matched: 10, replayed: 4 });
  });
});
