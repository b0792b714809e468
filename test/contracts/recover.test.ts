import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { type System, startSystem } from '@posthorn/testkit/start-system';
import { listDeliveries, settledDeliveries } from './read-delivery.ts';

const EPOCH = '1970-01-01T00:00:00Z';
let system: System;
let receiver: Receiver;
let second: StartedProcess | undefined;

beforeAll(async () => {
  system = await startSystem({ RETRY_MINUTE_MS: '10' });
  receiver = await startReceiver(200);
});
afterAll(async () => {
  await second?.stop();
  await system.stop();
  await receiver.close();
});

test('What a disabled endpoint missed is recovered, also when the dispatcher that replays it is killed on the way', async () => {
  const count = 600;
  const tenant = await system.tenant('cdhosting');
  const { id } = await tenant.expect<{ id: string }>('POST', '/v1/webhooks', { url: receiver.url, events: [] });
  receiver.answer(500);
  const event = { type: 'server.started', data: { server_id: 'srv_1' } };
  await tenant.expect('POST', '/v1/events', event);
  await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
  await tenant.expect('POST', '/v1/events/batch', { events: Array.from({ length: count }, () => event) });
  expect(await listDeliveries(tenant, `endpoint_id=${id}&status=skipped`)).toHaveLength(200);
  expect((await tenant.call('POST', `/v1/webhook-endpoints/${id}/recover`, { since: EPOCH })).status).toBe(409);

  receiver.answer(200);
  await tenant.expect('PATCH', `/v1/webhooks/${id}`, { status: 'enabled' });
  const begun = await tenant.expect<{ id: string; matched: number }>('POST', `/v1/webhook-endpoints/${id}/recover`, {
    since: EPOCH,
  });
  expect(begun.matched).toBe(count + 1);
  const before = receiver.requests.length;
  await eventually(() => receiver.requests.length > before + 20);
  await system.dispatcher.stop('SIGKILL');
  second = await startProcess('dispatcher', {
    DATABASE_URL: system.databaseUrl,
    REDIS_URL: system.redisUrl,
    RETRY_MINUTE_MS: '10',
  });

  await eventually(async () => {
    const recovery = await tenant.expect('GET', `/v1/recoveries/${begun.id}`);
    expect(recovery).toMatchObject({ status: 'done', matched: count + 1, replayed: count + 1 });
    const ledger = await tenant.expect<{ by_status: Record<string, number> }>('GET', '/v1/ledger');
    expect(ledger.by_status).toMatchObject({
      pending: 0,
      retrying: 0,
      failed: 1,
      skipped: count,
      succeeded: count + 1,
    });
  }, 60_000);
  const received = receiver.requests.slice(before).map(({ headers }) => headers['x-posthorn-event']);
  expect(new Set(received).size).toBe(count + 1);
  // Only what was in flight when it was killed may have come twice: 64 requests to one endpoint at the most.
  expect(received.length - (count + 1)).toBeLessThanOrEqual(64);
}, 90_000);
