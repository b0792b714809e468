import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { newId } from '@posthorn/runtime/new-id';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import { prepareRequest } from '../src/events/prepare-request.ts';
import { refusalOf } from '../src/http/send-problem.ts';
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

afterEach(() => {
  postgres.mode('pass');
  redis.mode('pass');
});

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

test('while PostgreSQL hangs a bounded number waits for it: the rest is answered 503 at once, and none waits when its time is up', async () => {
  const tenantId = decodeTypeId('tenant', tenant.id) ?? '';
  const scope = { id: tenantId, profile: connectDomain, profileId: null, limited: false, under: null };
  const asked = { type: 'domain.verified', jobId: null, dataText: '{}', aggregateVersion: null };
  const request = prepareRequest(scope, asked, { callId: newId(), idempotency: null });
  const wave = 3_000;
  postgres.mode('hang');
  const startedAt = Date.now();
  let refused = 0;
  const noteRefusal = (error: unknown): void => {
    expect(refusalOf(error)?.code).toBe('unavailable');
    refused += 1;
  };
  const callMany = () =>
    Array.from({ length: wave }, () => [api.deps.findLiveKey('none'), api.deps.acceptEvents([request])])
      .flat()
      .map((call) => call.catch(noteRefusal));
  const first = callMany();
  // Those of the first wave that are under way now have made room for some of the second.
  await eventually(() => refused > 0);
  const ended = Promise.all([...first, ...callMany()]);
  const answer = await timed(post());
  expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
  expect(answer.ms).toBeLessThan(4_000);
  await ended;
  expect(refused).toBe(4 * wave);
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  postgres.mode('pass');
  await eventually(async () => expect((await post()).status).toBe(202));
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
