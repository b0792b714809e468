// Real processes, a PostgreSQL and a Redis that are killed, paused and started again, a stream of events meanwhile.
// After each fault: nothing acknowledged is lost, nothing is sent that is not on record, the ledger balances.
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { pollSql } from '@posthorn/testkit/poll-sql';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { allFinal } from './all-final.ts';
import { checkInvariants, type Findings } from './check-invariants.ts';
import { type Posted, postStream, type Stream } from './post-stream.ts';
import { type Rig, removeRigs, startRig } from './start-rig.ts';

export const EVENTS_PER_SECOND = 60;
/** How long the receivers take: long enough that a kill meets requests in flight. */
const ANSWER_MS = 30;
/** A lease of connect-domain: its deadline and the margin. */
export const LEASE_MS = 15_000;
export const SETTLE_MS = 60_000;
/** What must hold after every fault. */
export const SOUND = { lost: 0, unrecorded: 0, open: 0, overLimit: 0, balanced: true };

/** What a fault came to. */
export interface Outcome extends Findings {
  readonly posted: Posted;
  /** From the end of the stream until nothing was open any more. */
  readonly settledMs: number;
}

/** The product under load, anew for each test: two dispatchers, one API, two receivers, a stream of events. */
export interface FaultRun {
  readonly rig: Rig;
  readonly receivers: Receiver[];
  readonly stream: Stream;
  readonly endpointIds: readonly string[];
  /** Proxies and receivers of the test's own: closed after it. */
  readonly proxies: { close(): Promise<void> }[];
  /** Posts to the first API as the tenant. @throws when the answer is no success */
  post<Body>(path: string, body: object): Promise<Body>;
  postBatch(count: number, type?: string): Promise<unknown>;
  /** From now on requests of the tenant's events may take so long. */
  becomePatient(timeoutMs: number): Promise<void>;
  /** Ends the stream and waits until all of it has arrived. */
  endStream(): Promise<void>;
  /** Lets the stream go on a little, ends it, waits until everything is final, and counts. */
  settle(fault: string, timeoutMs?: number): Promise<Outcome>;
  /** A row of the table that a run prints. */
  note(row: Readonly<Record<string, string | number>>): void;
  /** The number `n` that a query gives. */
  countOf(sql: string): Promise<number>;
  /** Requests under way at the receivers. */
  inFlight(): number;
  /** Deliveries under a lease. One is taken before the request and given back by its record, so these may come twice. */
  leased(): Promise<number>;
}

type Environment = Readonly<Record<string, string>>;

interface Stage {
  readonly rig: Rig;
  readonly receivers: Receiver[];
  readonly tenantId: string;
  readonly key: string;
  readonly endpointIds: string[];
  readonly stream: Stream;
}

async function sendTo<Body>(rig: Rig, how: 'POST' | 'PATCH', path: string, body: object, key: string): Promise<Body> {
  const init = { method: how, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } };
  const answer = await fetch(`${rig.apis[0]?.url}${path}`, { ...init, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as Body;
}

async function startProduct(env: Environment): Promise<Rig> {
  const rig = await startRig(env);
  const starts = await Promise.allSettled([rig.startApi(), rig.startDispatcher(), rig.startDispatcher()]);
  const failed = starts.find((start) => start.status === 'rejected');
  if (!failed) return rig;
  await rig.close();
  throw failed.reason;
}

async function setUp(env: Environment): Promise<Stage> {
  const rig = await startProduct(env);
  const answer = (response: { writeHead(status: number): { end(): void } }) =>
    void setTimeout(() => response.writeHead(200).end(), ANSWER_MS);
  const receivers = await Promise.all([startReceiver(answer), startReceiver(answer)]);
  const tenant = await sendTo<{ id: string; api_key: string }>(
    rig,
    'POST',
    '/v1/tenants',
    { name: 'Faults' },
    TEST_ADMIN_KEY,
  );
  const key = tenant.api_key;
  const endpointIds: string[] = [];
  for (const { url } of receivers) {
    endpointIds.push((await sendTo<{ id: string }>(rig, 'POST', '/v1/webhook-endpoints', { url, events: [] }, key)).id);
  }
  const stream = postStream({ urls: () => rig.apis.map(({ url }) => url), key, perSecond: EVENTS_PER_SECOND });
  await eventually(() => stream.posted.acknowledged.length > 10);
  return { rig, receivers, tenantId: tenant.id, key, endpointIds, stream };
}

/**
 * Gives each test of a suite a run of its own, and prints what became of all of them.
 *
 * @param env on top of what API and dispatchers get, asked before each run
 */
export function useFaultRun(env: () => Environment = () => ({})): FaultRun {
  let stage: Stage | undefined;
  const proxies: { close(): Promise<void> }[] = [];
  const table: Readonly<Record<string, string | number>>[] = [];
  const current = (): Stage => {
    if (!stage) throw new Error('The product runs in tests alone');
    return stage;
  };
  const untilFinal = (timeoutMs: number) => {
    const { rig, receivers } = current();
    const { databaseUrl, redisUrl, apis, dispatchers } = rig;
    return allFinal({ databaseUrl, redisUrl, processes: [...apis, ...dispatchers], receivers }, timeoutMs);
  };

  beforeEach(async () => {
    stage = await setUp(env());
  });
  afterEach(async () => {
    // Without a stage the product did not start, and that test has failed already.
    if (!stage) return;
    const { stream, rig, receivers } = stage;
    stage = undefined;
    await stream.stop();
    await rig.close();
    await Promise.all([...proxies.splice(0), ...receivers].map((each) => each.close()));
  });
  afterAll(removeRigs);
  // oxlint-disable-next-line no-console -- the table is what people run this for
  afterAll(() => console.table(table));

  const run: FaultRun = {
    get rig() {
      return current().rig;
    },
    get receivers() {
      return current().receivers;
    },
    get stream() {
      return current().stream;
    },
    get endpointIds() {
      return current().endpointIds;
    },
    proxies,
    post: (path, body) => sendTo(current().rig, 'POST', path, body, current().key),
    postBatch(count, type = 'domain.verified') {
      return run.post('/v1/events/batch', {
        events: Array.from({ length: count }, () => ({ type, data: { hostname: 'a' } })),
      });
    },
    async becomePatient(timeoutMs) {
      const { rig, tenantId } = current();
      await run.post('/v1/profiles', { name: 'patient', extends: 'connect-domain', timeout_ms: timeoutMs });
      await sendTo(rig, 'PATCH', `/v1/tenants/${tenantId}`, { profile: 'patient' }, TEST_ADMIN_KEY);
    },
    async endStream() {
      await current().stream.stop();
      await untilFinal(SETTLE_MS);
    },
    async settle(fault, timeoutMs = SETTLE_MS) {
      const { stream, rig, receivers } = current();
      const before = stream.posted.acknowledged.length;
      await eventually(() => stream.posted.acknowledged.length > before + 10, timeoutMs);
      const posted = await stream.stop();
      const endedAt = Date.now();
      await untilFinal(timeoutMs);
      const settledMs = Date.now() - endedAt;
      const findings = await checkInvariants(rig.databaseUrl, receivers, posted.acknowledged, rig.apis[0]?.url);
      run.note({
        fault,
        acknowledged: posted.acknowledged.length,
        refused: Object.values(posted.refused).reduce((sum, count) => sum + count, 0),
        'slowest ms': posted.slowestMs,
        lost: findings.lost,
        duplicates: findings.duplicates,
        'settled ms': settledMs,
      });
      return { ...findings, posted, settledMs };
    },
    note: (row) => void table.push(row),
    countOf: async (sql) => (await pollSql<{ n: number }>(current().rig.databaseUrl, sql))[0]?.n ?? 0,
    leased: () => run.countOf('SELECT count(*)::int AS n FROM deliveries WHERE lease_token IS NOT NULL'),
    inFlight: () => current().receivers.reduce((sum, { load }) => sum + load.now, 0),
  };
  return run;
}
