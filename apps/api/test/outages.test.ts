import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { addEndpoint, addEvent, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
let postgres: Proxy;
let redis: Proxy;
beforeAll(async () => {
  postgres = await startProxy(await createTestDatabase());
  redis = await startProxy(await claimTestRedis());
  api = await startApi({ databaseUrl: postgres.url, redisUrl: redis.url });
  tenant = await api.tenant();
  await addEndpoint(api, tenant.key);
});
afterAll(async () => {
  await api.close();
  await Promise.all([postgres.close(), redis.close()]);
});

const body = { type: 'domain.verified', jobId: 'j', data: { hostname: 'a' } };
const post = (headers = {}) => api.request('POST', '/v1/events', { key: tenant.key, body, headers });

async function timed<Result>(work: Promise<Result>): Promise<Result & { ms: number }> {
  const started = Date.now();
  return { ...(await work), ms: Date.now() - started };
}

describe.each(['hang', 'refuse'] as const)('while PostgreSQL does %s', (mode) => {
  test('every route answers 503 within 10 s, and works again after', async () => {
    postgres.mode(mode);
    const answers = await Promise.all([
      timed(post()),
      timed(post({ 'idempotency-key': `k-${mode}` })),
      timed(api.request('GET', '/v1/webhook-deliveries', { key: tenant.key })),
      timed(api.request('GET', '/v1/ledger', { key: api.adminKey })),
      timed(api.request('POST', '/v1/tenants', { key: api.adminKey, body: { name: 'x' } })),
    ]);
    for (const answer of answers) {
      expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
      expect(answer.ms).toBeLessThan(10_000);
    }
    const ready = await api.request('GET', '/readyz');
    expect([ready.status, ready.body.checks]).toEqual([503, { database: 'failed', queue: 'ok' }]);
    expect((await api.request('GET', '/livez')).status).toBe(200);
    postgres.mode('pass');
    await eventually(async () => expect((await post()).status).toBe(202));
  });
});

describe.each(['hang', 'refuse'] as const)('while Redis does %s', (mode) => {
  test('events are accepted as fast as ever, and what missed the queue is counted', async () => {
    await addEvent(api, tenant.key);
    redis.mode(mode);
    for (let index = 0; index < 20; index += 1) {
      const answer = await timed(post());
      expect([answer.status, answer.body.deliveries]).toEqual([202, 1]);
      expect(answer.ms).toBeLessThan(250);
    }
    await eventually(async () => {
      const { text } = await api.request('GET', '/metrics');
      expect(Number(/posthorn_enqueue_failures_total\S* (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(20);
    });
    const ready = await api.request('GET', '/readyz');
    expect([ready.status, ready.body.checks.queue]).toEqual([503, 'failed']);
    redis.mode('pass');
    await eventually(async () => expect((await api.request('GET', '/readyz')).status).toBe(200));
  });
});
