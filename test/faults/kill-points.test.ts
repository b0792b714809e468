// Every window between two steps, hit exactly: a process ends itself with SIGKILL before or after one step of its n-th
// call. What docs/delivery-lifecycle.md says of dying between two steps is shown here, window by window.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { type StartedProcess, startProcess, TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { checkInvariants, countOpen } from './check-invariants.ts';
import { faultSeed, pick } from './fault-seed.ts';

/** One step of the product, and on which side of it the process dies. */
interface KillPoint {
  /** The end of the module's path. */
  readonly module: string;
  readonly name: string;
  readonly when: 'before' | 'after';
  /** The function makes the step instead of being it. */
  readonly returned?: boolean;
  /** Which results count as a call, as JavaScript; default: all. */
  readonly counts?: string;
  /** Always at this call; default: one of the first few, by the run's seed. */
  readonly nth?: number;
}

/** The deadline of one attempt: short, since a lease lasts ten seconds longer. */
const TIMEOUT_MS = 300;
/** A lease runs out, and a round of the reconciler finds it. */
const TAKE_OVER_MS = 20_000;
const REPAIR_MS = 5_000;
const MAX_NTH = 5;
const EVENTS = 12;
/** One thousand each: more than what is cancelled together with the disabling. */
const BACKLOG_BATCHES = 21;

const engine = (file: string) => `packages/store/dist/engine/${file}.js`;
const tenantPart = (file: string) => `packages/store/dist/tenant/${file}.js`;
const points = {
  acceptBefore: { module: engine('accept-events'), name: 'acceptEvents', when: 'before' },
  acceptAfter: { module: engine('accept-events'), name: 'acceptEvents', when: 'after' },
  transitionAfter: { module: engine('transition-subject'), name: 'transitionSubject', when: 'after', nth: 1 },
  replayAfter: { module: tenantPart('replay-delivery'), name: 'replayDelivery', when: 'after', nth: 1 },
  disabledBefore: { module: tenantPart('cancel-open-deliveries'), name: 'cancelBacklog', when: 'before', nth: 1 },
  claimAfter: { module: engine('claim-deliveries'), name: 'claimDeliveries', when: 'after' },
  sendBefore: { module: 'send/create-sender.js', name: 'createSender', when: 'before', returned: true },
  sendAfter: { module: 'send/create-sender.js', name: 'createSender', when: 'after', returned: true },
  recordBefore: { module: engine('record-attempts'), name: 'recordAttempts', when: 'before' },
  recordAfter: { module: engine('record-attempts'), name: 'recordAttempts', when: 'after' },
  parkBefore: { module: engine('park-deliveries'), name: 'parkDeliveries', when: 'before', nth: 1 },
  parkAfter: { module: engine('park-deliveries'), name: 'parkDeliveries', when: 'after', nth: 1 },
  feedAfter: {
    module: engine('claim-parked'),
    name: 'claimParked',
    when: 'after',
    counts: '(rows) => rows.length > 0',
    nth: 1,
  },
  renewAfter: { module: engine('renew-generation'), name: 'renewGeneration', when: 'after', nth: 1 },
  takeOverAfter: {
    module: engine('take-over-interrupted'),
    name: 'takeOverInterrupted',
    when: 'after',
    counts: '({ interrupted }) => interrupted > 0',
    nth: 1,
  },
  recoverAfter: {
    module: engine('advance-recovery'),
    name: 'advanceRecovery',
    when: 'after',
    counts: '(rows) => rows !== null && rows.length > 0',
    nth: 1,
  },
  exhaustedBefore: { module: engine('cancel-backlog'), name: 'cancelBacklog', when: 'before', nth: 1 },
} as const satisfies Record<string, KillPoint>;

let databaseUrl: string;
let redisUrl: string;
let processes: StartedProcess[];
let receiver: Receiver;
let api: StartedProcess;
let key: string;
let endpointId: string;
const acknowledged: string[] = [];
const table: Record<string, unknown>[] = [];

async function start(
  app: 'api' | 'dispatcher',
  point: KillPoint | null = null,
  more: Record<string, string> = {},
): Promise<StartedProcess> {
  const nth = point?.nth ?? 1 + pick(MAX_NTH);
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    RETRY_MINUTE_MS: '100',
    // One request at a time, so that what was in flight is one delivery and no more.
    DISPATCHER_CONCURRENCY: '1',
    ...(point && {
      NODE_OPTIONS: `--import=${new URL('kill-at.mjs', import.meta.url).href}`,
      KILL_AT: JSON.stringify({ ...point, nth }),
    }),
    ...more,
  };
  // A dispatcher may meet its end before it ever says that it is ready.
  const started = await startProcess(app, env, point && app === 'dispatcher' ? 'spawned' : 'ready');
  processes.push(started);
  return started;
}

async function call(method: string, path: string, body?: object, bearer = key) {
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const shown = (await answer.json()) as Record<string, string>;
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(shown)}`);
  return shown;
}

async function post(count: number, type = 'domain.verified', data: object = { hostname: 'a.example' }): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const event = await call('POST', '/v1/events', { type, data }).catch(() => null);
    if (event) acknowledged.push(String(event['id']));
  }
}

const postBatch = (count: number, type = 'domain.verified') =>
  call('POST', '/v1/events/batch', {
    events: Array.from({ length: count }, () => ({ type, data: { hostname: 'a.example' } })),
  });

async function register(base: string): Promise<void> {
  const tenant = await call('POST', '/v1/tenants', { name: 'Killed', profile: base }, TEST_ADMIN_KEY);
  key = tenant['api_key'] ?? '';
  await call('POST', '/v1/profiles', { name: 'hurried', extends: base, timeout_ms: TIMEOUT_MS });
  await call('PATCH', `/v1/tenants/${tenant['id']}`, { profile: 'hurried' }, TEST_ADMIN_KEY);
  ({ id: endpointId = '' } = await call('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] }));
}

beforeEach(async () => {
  [databaseUrl, redisUrl] = [await createTestDatabase(), await claimTestRedis()];
  processes = [];
  acknowledged.length = 0;
  receiver = await startReceiver(200);
  api = await start('api');
  await register('connect-domain');
});
afterEach(async () => {
  await Promise.all(processes.map((started) => started.stop('SIGKILL')));
  await receiver.close();
});
// oxlint-disable-next-line no-console -- the table is what people run this for
afterAll(() => console.table(table));

const died = (victim: StartedProcess, timeoutMs?: number): Promise<true> =>
  eventually(() => victim.output().includes('kill point reached'), timeoutMs);

/** Waits until nothing is open any more, and holds what must be against what the receiver got. */
async function settled(window: string, duplicates: number, withinMs: number): Promise<void> {
  const startedAt = Date.now();
  await eventually(async () => expect(await countOpen(databaseUrl)).toBe(0), withinMs);
  const settledMs = Date.now() - startedAt;
  const findings = await checkInvariants(databaseUrl, [receiver], acknowledged);
  table.push({ window, seed: faultSeed, ...findings, 'settled ms': settledMs });
  expect(findings).toEqual({ lost: 0, unrecorded: 0, duplicates, open: 0, overLimit: 0, balanced: true });
}

const statuses = async (): Promise<Record<string, number>> => {
  const rows = await runSql<{ status: string; n: number }>(
    databaseUrl,
    'SELECT status, count(*)::int AS n FROM deliveries GROUP BY status',
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
};
const outcomes = async (): Promise<string[]> => {
  const rows = await runSql<{ outcome: string }>(databaseUrl, 'SELECT DISTINCT outcome FROM attempts ORDER BY 1');
  return rows.map(({ outcome }) => outcome);
};

describe('The API dies', () => {
  /** The API is replaced by one that dies at the point, while a dispatcher works. */
  const replaceApi = async (point: KillPoint): Promise<StartedProcess> => {
    await start('dispatcher');
    await api.stop();
    api = await start('api', point);
    return api;
  };
  const restart = async () => {
    api = await start('api');
  };

  test('before an event’s commit: no 202, and nothing of it is there', async () => {
    const victim = await replaceApi(points.acceptBefore);
    await post(MAX_NTH);
    await died(victim);
    await restart();
    await post(3);
    await settled('API: before the commit', 0, REPAIR_MS);
    const [row] = await runSql<{ n: number }>(databaseUrl, 'SELECT count(*)::int AS n FROM events');
    expect(row?.n).toBe(acknowledged.length);
  });

  test('between the commit and the job: delivered within 5 s, although its caller never heard of it', async () => {
    const victim = await replaceApi(points.acceptAfter);
    await post(MAX_NTH);
    await died(victim);
    await settled('API: after the commit', 0, REPAIR_MS);
    expect(receiver.requests).toHaveLength(acknowledged.length + 1);
  });

  test('between a transition’s commit and the jobs of its events: they are delivered, the transition stays', async () => {
    const victim = await replaceApi(points.transitionAfter);
    const at = '/v1/lifecycles/connection/c-1/transitions';
    await call('POST', at, { to: 'propagating', data: { hostname: 'a', setup_type: 'automatic' } }).catch(
      () => undefined,
    );
    await died(victim);
    await settled('API: after a transition', 0, REPAIR_MS);
    expect(receiver.requests).toHaveLength(1);
    await restart();
    expect(await call('GET', '/v1/lifecycles/connection/c-1')).toMatchObject({ state: 'propagating', version: 1 });
  });

  test('between a replay’s commit and its job: it is sent', async () => {
    await start('dispatcher');
    await post(1);
    await settled('before the replay', 0, REPAIR_MS);
    await api.stop();
    const { data } = (await (async () => {
      api = await start('api', points.replayAfter);
      return call('GET', '/v1/webhook-deliveries');
    })()) as unknown as { data: { id: string }[] };
    await call('POST', `/v1/webhook-deliveries/${data[0]?.id}/replay`).catch(() => undefined);
    await died(api);
    await settled('API: after a replay', 0, REPAIR_MS);
    expect(receiver.requests).toHaveLength(2);
  });

  test('between the disabling of an endpoint and the end of its backlog: the backlog is cancelled, nothing more is sent', async () => {
    await api.stop();
    api = await start('api', points.disabledBefore);
    for (let round = 0; round < BACKLOG_BATCHES; round += 1) await postBatch(1_000);
    await call('PATCH', `/v1/webhook-endpoints/${endpointId}`, { status: 'disabled' }).catch(() => undefined);
    await died(api);
    expect(await countOpen(databaseUrl)).toBeGreaterThan(0);
    await start('dispatcher', null, { DISPATCHER_CONCURRENCY: '64' });
    await eventually(async () => expect(await countOpen(databaseUrl)).toBe(0), TAKE_OVER_MS);
    expect(await statuses()).toEqual({ cancelled: BACKLOG_BATCHES * 1_000 });
    expect(receiver.requests).toHaveLength(0);
  });
});

describe('A dispatcher dies', () => {
  /** Posts, lets a dispatcher die at the point, and starts another one. */
  const dieAt = async (point: KillPoint): Promise<void> => {
    const victim = await start('dispatcher', point);
    await post(EVENTS);
    await died(victim);
    await start('dispatcher');
    await post(3);
  };

  test('between claim and send: the attempt reads interrupted and counts, the request goes out once', async () => {
    await dieAt(points.claimAfter);
    await settled('dispatcher: after the claim', 0, TAKE_OVER_MS);
    expect(await outcomes()).toEqual(['interrupted', 'succeeded']);
  });

  test('with the request built and not sent: as above', async () => {
    await dieAt(points.sendBefore);
    await settled('dispatcher: before the send', 0, TAKE_OVER_MS);
    expect(await outcomes()).toEqual(['interrupted', 'succeeded']);
  });

  test('between the answer and its classification: that one request comes twice, no other', async () => {
    await dieAt(points.sendAfter);
    await settled('dispatcher: after the answer', 1, TAKE_OVER_MS);
    expect(await outcomes()).toEqual(['interrupted', 'succeeded']);
  });

  test('before the record: that one request comes twice, no other', async () => {
    await dieAt(points.recordBefore);
    await settled('dispatcher: before the record', 1, TAKE_OVER_MS);
    expect(await outcomes()).toEqual(['interrupted', 'succeeded']);
  });

  test('between the record and the acknowledgement: nothing comes twice', async () => {
    await dieAt(points.recordAfter);
    await settled('dispatcher: after the record', 0, TAKE_OVER_MS);
    expect(await outcomes()).toEqual(['succeeded']);
  });

  /** More than memory takes for one endpoint, one request at a time. */
  const CROWD = 120;
  const startCrowded = (point: KillPoint): Promise<StartedProcess> => {
    receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 20));
    return start('dispatcher', point, { DISPATCHER_CONCURRENCY: '32', ENDPOINT_CONCURRENCY: '1' });
  };

  test.each([
    { side: 'before', point: points.parkBefore },
    { side: 'after', point: points.parkAfter },
  ])('$side parking what has no room in memory: all of it arrives', async ({ side, point }) => {
    const victim = await startCrowded(point);
    await postBatch(CROWD);
    await died(victim);
    await start('dispatcher');
    // The one request that was in flight then may come twice.
    await eventually(async () => expect(await countOpen(databaseUrl)).toBe(0), TAKE_OVER_MS);
    const findings = await checkInvariants(databaseUrl, [receiver], acknowledged);
    table.push({ window: `dispatcher: ${side} parking`, seed: faultSeed, ...findings });
    expect(findings.duplicates).toBeLessThanOrEqual(1);
    expect(findings).toMatchObject({ lost: 0, unrecorded: 0, overLimit: 0, balanced: true });
    expect(await statuses()).toEqual({ succeeded: CROWD });
  });

  test('between claim and send of what was parked: it goes out once', async () => {
    const victim = await startCrowded(points.feedAfter);
    await postBatch(CROWD);
    await died(victim);
    await start('dispatcher');
    await eventually(async () => expect(await countOpen(databaseUrl)).toBe(0), TAKE_OVER_MS);
    expect(await statuses()).toEqual({ succeeded: CROWD });
    const findings = await checkInvariants(databaseUrl, [receiver], acknowledged);
    table.push({ window: 'dispatcher: after claiming parked rows', seed: faultSeed, ...findings });
    expect(findings.duplicates).toBeLessThanOrEqual(1);
  });

  test('between a new generation and its jobs: another makes them', async () => {
    await post(EVENTS);
    await eventually(async () => expect(await countOpen(databaseUrl)).toBe(EVENTS));
    await commandRedis(redisUrl, 'FLUSHDB');
    const victim = await start('dispatcher', points.renewAfter);
    await died(victim);
    await start('dispatcher');
    await settled('dispatcher: after a new generation', 0, REPAIR_MS);
  });

  test('between taking over for a dead one and making the jobs: another makes them', async () => {
    receiver.answer(() => undefined);
    const first = await start('dispatcher');
    await post(1);
    await eventually(() => expect(receiver.requests).toHaveLength(1));
    await first.stop('SIGKILL');
    receiver.answer(200);
    const victim = await start('dispatcher', points.takeOverAfter);
    await died(victim, TAKE_OVER_MS);
    await start('dispatcher');
    await settled('dispatcher: after a take-over', 1, REPAIR_MS);
  });

  test('between a chunk of a recovery and its jobs: the recovery goes on, each delivery is replayed once', async () => {
    receiver.answer(410);
    const first = await start('dispatcher');
    await register('standard-webhooks');
    await post(1, 'webhook.test', {});
    await eventually(async () => expect(await statuses()).toEqual({ failed: 1 }));
    await call('PATCH', `/v1/webhook-endpoints/${endpointId}`, { status: 'enabled' });
    await first.stop();
    receiver.answer(200);
    const { id } = await call('POST', `/v1/webhook-endpoints/${endpointId}/recover`, { since: '1970-01-01T00:00:00Z' });
    const victim = await start('dispatcher', points.recoverAfter);
    await died(victim);
    await start('dispatcher');
    await settled('dispatcher: after a chunk of a recovery', 0, REPAIR_MS);
    await eventually(async () => expect(await call('GET', `/v1/recoveries/${id}`)).toMatchObject({ status: 'done' }));
    expect(await statuses()).toEqual({ failed: 1, succeeded: 1 });
  });

  test('between an endpoint’s disabling and the end of its backlog: the backlog is cancelled', async () => {
    receiver.answer(410);
    await register('standard-webhooks');
    const victim = await start('dispatcher', points.exhaustedBefore);
    await postBatch(20, 'webhook.test');
    await died(victim);
    await start('dispatcher');
    await eventually(async () => expect(await countOpen(databaseUrl)).toBe(0), TAKE_OVER_MS);
    expect(await statuses()).toEqual({ failed: 1, cancelled: 19 });
    expect(receiver.requests).toHaveLength(1);
  });
});
