// Every window between two steps, hit exactly: a process ends itself with SIGKILL before or after one step of its n-th
// call. What docs/delivery-lifecycle.md says of dying between two steps is shown here, window by window.
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { pollSql } from '@posthorn/testkit/poll-sql';
import { runSql } from '@posthorn/testkit/run-sql';
import { type StartedProcess, startProcess, TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { allFinal } from './all-final.ts';
import { checkInvariants, type Findings } from './check-invariants.ts';
import { faultSeed, pick } from './fault-seed.ts';
import type { KillPoint } from './kill-points.ts';

/** The deadline of one attempt: short, since a lease lasts ten seconds longer. */
const TIMEOUT_MS = 300;
/** A lease runs out, and a round of the reconciler finds it. */
export const TAKE_OVER_MS = 45_000;
export const REPAIR_MS = 5_000;
/** Starting a process on a machine that is busy with other faults takes its time. */
const DEATH_MS = 45_000;
/** A process dies at one of its first calls, the seed says at which. */
export const MAX_NTH = 5;

type Shown = Readonly<Record<string, string>>;

/** An API and what a test starts beside it, anew for each test. */
export interface KillRun {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly receiver: Receiver;
  /** Of the endpoint that was registered last. */
  readonly endpointId: string;
  /** Ids of the events whose post was answered. */
  readonly acknowledged: readonly string[];
  /** Ends the API and starts one that dies at the point, or lives. */
  replaceApi(point?: KillPoint): Promise<StartedProcess>;
  startDispatcher(point?: KillPoint | null, more?: Readonly<Record<string, string>>): Promise<StartedProcess>;
  /** @throws when the answer is no success, or never comes */
  call(method: string, path: string, body?: object): Promise<Shown>;
  /** Posts one event after the other; those whose API dies meanwhile are not acknowledged. */
  post(count: number, type?: string, data?: object): Promise<void>;
  postBatch(count: number, type?: string): Promise<Shown>;
  /** From now on a new tenant's key is used, and an endpoint of it: the receiver. Its profile has a short deadline, or this one. */
  register(base: string, timeoutMs?: number): Promise<void>;
  died(victim: StartedProcess): Promise<unknown>;
  /** How many requests the receiver has that no attempt tells of: what a process that died was about. */
  inFlight(): Promise<number>;
  /** Waits until nothing is open any more, notes what came of it, and returns that. */
  settle(window: string, withinMs: number): Promise<Findings>;
  /** Deliveries by status. */
  statuses(): Promise<Record<string, number>>;
  /** Outcomes that some attempt had. */
  outcomes(): Promise<string[]>;
}

/** What must hold after every death. */
export const SOUND = { lost: 0, unrecorded: 0, open: 0, overLimit: 0, balanced: true };

export function useKillRun(): KillRun {
  let databaseUrl = '';
  let redisUrl = '';
  let processes: StartedProcess[] = [];
  let receiver: Receiver;
  let api: StartedProcess;
  let key = '';
  let endpointId = '';
  const acknowledged: string[] = [];
  const table: object[] = [];

  const start = async (app: 'api' | 'dispatcher', point: KillPoint | null, more: object): Promise<StartedProcess> => {
    const env = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      RETRY_MINUTE_MS: '100',
      // One request at a time, so that what was in flight is one delivery and no more.
      DISPATCHER_CONCURRENCY: '1',
      ...(point && {
        NODE_OPTIONS: `--import=${new URL('kill-at.mjs', import.meta.url).href}`,
        KILL_AT: JSON.stringify({ ...point, nth: point.nth ?? 1 + pick(MAX_NTH) }),
      }),
      ...more,
    };
    // A dispatcher may meet its end before it ever says that it is ready.
    const started = await startProcess(app, env, point && app === 'dispatcher' ? 'spawned' : 'ready');
    processes.push(started);
    return started;
  };
  const send = async (method: string, path: string, bearer: string, body?: object): Promise<Shown> => {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const shown = (await answer.json()) as Shown;
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(shown)}`);
    return shown;
  };

  const run: KillRun = {
    get databaseUrl() {
      return databaseUrl;
    },
    get redisUrl() {
      return redisUrl;
    },
    get receiver() {
      return receiver;
    },
    get endpointId() {
      return endpointId;
    },
    acknowledged,
    async replaceApi(point) {
      await api.stop();
      api = await start('api', point ?? null, {});
      return api;
    },
    startDispatcher: (point = null, more = {}) => start('dispatcher', point, more),
    call: (method, path, body) => send(method, path, key, body),
    async post(count, type = 'domain.verified', data = { hostname: 'a.example' }) {
      for (let index = 0; index < count; index += 1) {
        const event = await run.call('POST', '/v1/events', { type, data }).catch(() => null);
        if (event) acknowledged.push(String(event['id']));
      }
    },
    postBatch: (count, type = 'domain.verified') =>
      run.call('POST', '/v1/events/batch', {
        events: Array.from({ length: count }, () => ({ type, data: { hostname: 'a.example' } })),
      }),
    async register(base, timeoutMs = TIMEOUT_MS) {
      const tenant = await send('POST', '/v1/tenants', TEST_ADMIN_KEY, { name: 'Killed', profile: base });
      key = tenant['api_key'] ?? '';
      await run.call('POST', '/v1/profiles', { name: 'hurried', extends: base, timeout_ms: timeoutMs });
      await send('PATCH', `/v1/tenants/${tenant['id']}`, TEST_ADMIN_KEY, { profile: 'hurried' });
      const endpoint = await run.call('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
      endpointId = endpoint['id'] ?? '';
    },
    died: (victim) => eventually(() => victim.output().includes('kill point reached'), DEATH_MS),
    async inFlight() {
      const rows = await runSql<{ n: number }>(databaseUrl, 'SELECT count(*)::int AS n FROM attempts');
      return receiver.requests.length - (rows[0]?.n ?? 0);
    },
    async settle(window, withinMs) {
      const startedAt = Date.now();
      await allFinal({ databaseUrl, redisUrl, processes, receivers: [receiver] }, withinMs);
      const settledMs = Date.now() - startedAt;
      const findings = await checkInvariants(databaseUrl, [receiver], acknowledged, api.url);
      table.push({ window, seed: faultSeed, ...findings, 'settled ms': settledMs });
      return findings;
    },
    async statuses() {
      const rows = await pollSql<{ status: string; n: number }>(
        databaseUrl,
        'SELECT status, count(*)::int AS n FROM deliveries GROUP BY status',
      );
      return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
    },
    async outcomes() {
      const rows = await runSql<{ outcome: string }>(databaseUrl, 'SELECT DISTINCT outcome FROM attempts ORDER BY 1');
      return rows.map(({ outcome }) => outcome);
    },
  };

  beforeEach(async () => {
    [databaseUrl, redisUrl] = [await createTestDatabase(), await claimTestRedis()];
    processes = [];
    acknowledged.length = 0;
    receiver = await startReceiver(200);
    api = await start('api', null, {});
    await run.register('connect-domain');
  });
  afterEach(async () => {
    await Promise.all(processes.map((started) => started.stop('SIGKILL')));
    await receiver.close();
  });
  // oxlint-disable-next-line no-console -- the table is what people run this for
  afterAll(() => console.table(table));
  return run;
}
