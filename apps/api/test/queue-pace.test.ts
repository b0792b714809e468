import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type JobVerdict, runWorkers, type WorkerGroup } from '@posthorn/queue/run-worker';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { addEndpoint, addEvent, startApi, type TestApi, type TestTenant } from './start-api.ts';

/** The queue has room for a thousand of an endpoint's. */
const BATCH = 400;
const POSTS = 200;
const JOB_RUNS_MS = 25;

let api: TestApi;
let workers: WorkerGroup;
let running = 0;

beforeAll(async () => {
  const redisUrl = await claimTestRedis();
  api = await startApi({ redisUrl });
  workers = runWorkers({
    redisUrl,
    shards: 1,
    concurrency: 1,
    onError: () => undefined,
    process: () =>
      new Promise<JobVerdict>((resolve) => {
        running += 1;
        setTimeout(() => resolve({ kind: 'done' }), JOB_RUNS_MS);
      }),
  });
});
afterAll(async () => {
  await workers.close();
  await api.close();
});

async function isParked({ key }: TestTenant): Promise<boolean> {
  const { id } = await addEvent(api, key);
  const { body } = await api.request('GET', `/v1/webhook-deliveries?event_id=${id}`, { key });
  const [row] = await runSql<{ parked: boolean }>(
    api.databaseUrl,
    `SELECT parked FROM deliveries WHERE type_id('dlv', id) = '${body.data[0].id}'`,
  );
  return row?.parked ?? false;
}

test('Whose jobs wait for longer than they should gets no more of them, well before the queue is full; a tenant beside them does', async () => {
  const loud = await api.tenant();
  const quiet = await api.tenant();
  for (const { key } of [loud, quiet]) await addEndpoint(api, key);
  const event = { type: 'domain.verified', jobId: 'job-1', data: { hostname: 'app.customer.example' } };
  const events = Array.from({ length: BATCH }, () => event);
  expect(await isParked(loud)).toBe(false);
  const { status } = await api.request('POST', '/v1/events/batch', { key: loud.key, body: { events } });
  expect(status).toBe(202);
  let posts = 0;
  await eventually(async () => {
    posts += 1;
    expect(await isParked(loud)).toBe(true);
  });
  expect(running).toBeGreaterThan(0);
  expect(posts).toBeLessThan(POSTS);
  expect(await isParked(quiet)).toBe(false);
});
