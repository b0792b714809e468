// Real processes, a PostgreSQL and a Redis that are killed, paused and started again, a stream of events meanwhile.
// After each fault: nothing acknowledged is lost, nothing is sent that is not on record, the ledger balances.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { holdConnections } from '@posthorn/testkit/hold-connections';
import { runSql } from '@posthorn/testkit/run-sql';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { checkInvariants, countOpen, type Findings } from './check-invariants.ts';
import { faultSeed, pick } from './fault-seed.ts';
import { type Posted, postStream, type Stream } from './post-stream.ts';
import { RIG_MINUTE_MS, type Rig, startRig } from './start-rig.ts';

const EVENTS_PER_SECOND = 60;
/** How long the receivers take: long enough that a kill meets requests in flight. */
const ANSWER_MS = 30;
/** A lease of connect-domain: its deadline and the margin. */
const LEASE_MS = 15_000;
const SETTLE_MS = 60_000;

let rig: Rig;
let receivers: Receiver[];
let key: string;
let stream: Stream;
let endpointIds: string[];
const proxies: Proxy[] = [];
const table: Record<string, string | number>[] = [];

async function post<Body>(path: string, body: object, bearer: string): Promise<Body> {
  const answer = await fetch(`${rig.apis[0]?.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as Body;
}

beforeEach(async () => {
  rig = await startRig();
  await Promise.all([rig.startApi(), rig.startDispatcher(), rig.startDispatcher()]);
  const answer = (response: { writeHead(status: number): { end(): void } }) =>
    void setTimeout(() => response.writeHead(200).end(), ANSWER_MS);
  receivers = await Promise.all([startReceiver(answer), startReceiver(answer)]);
  ({ api_key: key } = await post<{ api_key: string }>('/v1/tenants', { name: 'Faults' }, TEST_ADMIN_KEY));
  endpointIds = [];
  for (const { url } of receivers) {
    endpointIds.push((await post<{ id: string }>('/v1/webhook-endpoints', { url, events: [] }, key)).id);
  }
  stream = postStream({ urls: () => rig.apis.map(({ url }) => url), key, perSecond: EVENTS_PER_SECOND });
  await eventually(() => stream.posted.acknowledged.length > 10);
});
afterEach(async () => {
  await stream.stop();
  await rig.close();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await Promise.all(receivers.map((receiver) => receiver.close()));
});
// oxlint-disable-next-line no-console -- the table is what people run this for
afterAll(() => console.table(table));

interface Outcome extends Findings {
  readonly posted: Posted;
  /** From the end of the stream until nothing was open any more. */
  readonly settledMs: number;
}

/** Lets the stream go on a little, ends it, waits until everything is final, and counts. */
async function settle(name: string, timeoutMs = SETTLE_MS): Promise<Outcome> {
  const before = stream.posted.acknowledged.length;
  await eventually(() => stream.posted.acknowledged.length > before + 10, timeoutMs);
  const posted = await stream.stop();
  const endedAt = Date.now();
  await eventually(async () => expect(await countOpen(rig.databaseUrl)).toBe(0), timeoutMs);
  const settledMs = Date.now() - endedAt;
  const findings = await checkInvariants(rig.databaseUrl, receivers, posted.acknowledged);
  table.push({
    fault: name,
    acknowledged: posted.acknowledged.length,
    refused: Object.values(posted.refused).reduce((sum, count) => sum + count, 0),
    'slowest ms': posted.slowestMs,
    lost: findings.lost,
    duplicates: findings.duplicates,
    'settled ms': settledMs,
  });
  return { ...findings, posted, settledMs };
}

const SOUND = { lost: 0, unrecorded: 0, open: 0, overLimit: 0, balanced: true };
const countOf = async (sql: string): Promise<number> => (await runSql<{ n: number }>(rig.databaseUrl, sql))[0]?.n ?? 0;
const countRetrying = () => countOf(`SELECT count(*)::int AS n FROM deliveries WHERE status = 'retrying'`);
const postBatch = (count: number, type = 'domain.verified') =>
  post('/v1/events/batch', { events: Array.from({ length: count }, () => ({ type, data: { hostname: 'a' } })) }, key);
/** Ends the stream and waits until all of it has arrived. */
async function endStream(): Promise<void> {
  await stream.stop();
  await eventually(async () => expect(await countOpen(rig.databaseUrl)).toBe(0));
}
const inFlight = () => receivers.reduce((sum, { load }) => sum + load.now, 0);

describe('Redis', () => {
  test('killed under load and started again empty: the API notices nothing, nothing is sent twice', async () => {
    rig.signalRedis('SIGKILL');
    await delay(3_000);
    await rig.startRedis();
    await commandRedis(rig.redisUrl, 'FLUSHALL');
    const outcome = await settle('Redis killed, back empty');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    expect(outcome.posted.slowestMs).toBeLessThan(2_000);
  }, 120_000);

  test('emptied under load, three times', async () => {
    for (let round = 0; round < 3; round += 1) {
      await commandRedis(rig.redisUrl, 'FLUSHALL');
      await delay(500);
    }
    const outcome = await settle('FLUSHALL under load');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
  }, 120_000);

  test('killed under load and started again with what its log had kept: nothing is sent twice', async () => {
    rig.signalRedis('SIGKILL');
    await delay(3_000);
    await rig.startRedis();
    const outcome = await settle('Redis killed, back with its AOF');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    expect(outcome.posted.slowestMs).toBeLessThan(2_000);
  }, 120_000);

  test('emptied while thousands wait for their retry: the schedule comes back from PostgreSQL', async () => {
    await endStream();
    // Many endpoints, since one that fails is sent one request at a time.
    const receiver = await startReceiver((response) => response.writeHead(503, { 'retry-after': '10' }).end());
    receivers.push(receiver);
    for (let index = 0; index < 100; index += 1) {
      await post('/v1/webhook-endpoints', { url: `${receiver.url}/${index}`, events: ['domain.drift'] }, key);
    }
    await postBatch(30, 'domain.drift');
    await eventually(async () => expect(await countRetrying()).toBe(3_000), SETTLE_MS);
    receiver.answer(200);
    await commandRedis(rig.redisUrl, 'FLUSHALL');
    const emptiedAt = Date.now();
    await eventually(async () => expect(await countOpen(rig.databaseUrl)).toBe(0), SETTLE_MS);
    expect(receiver.requests).toHaveLength(6_000);
    const findings = await checkInvariants(rig.databaseUrl, receivers.slice(0, 2), stream.posted.acknowledged);
    expect(findings).toMatchObject(SOUND);
    table.push({ fault: 'FLUSHALL while 3,000 wait for a retry', lost: 0, 'settled ms': Date.now() - emptiedAt });
  }, 180_000);

  test('paused for 15 s: the API answers as before, deliveries go on, nothing is sent twice', async () => {
    rig.signalRedis('SIGSTOP');
    const before = receivers[0]?.requests.length ?? 0;
    await delay(15_000);
    expect((receivers[0]?.requests.length ?? 0) - before).toBeGreaterThan(EVENTS_PER_SECOND);
    rig.signalRedis('SIGCONT');
    const resumedAt = Date.now();
    await eventually(() => receivers[0]?.requests.some(({ at }) => at > resumedAt) === true, 3_000);
    const outcome = await settle('Redis paused 15 s');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    expect(outcome.posted.slowestMs).toBeLessThan(2_000);
  }, 120_000);

  test('full: what it refuses is delivered all the same', async () => {
    await commandRedis(rig.redisUrl, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await commandRedis(rig.redisUrl, 'CONFIG', 'SET', 'maxmemory', '1mb');
    await delay(4_000);
    await commandRedis(rig.redisUrl, 'CONFIG', 'SET', 'maxmemory', '0');
    const outcome = await settle('Redis full');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
  }, 120_000);
});

describe('The network', () => {
  /** Puts a proxy between every process of the product and a server. */
  const proxied = async (server: 'DATABASE_URL' | 'REDIS_URL'): Promise<Proxy> => {
    const proxy = await startProxy(server === 'DATABASE_URL' ? rig.databaseUrl : rig.redisUrl);
    proxies.push(proxy);
    const old = { apis: rig.apis.splice(0), dispatchers: rig.dispatchers.splice(0) };
    const env = { [server]: proxy.url };
    await Promise.all([rig.startApi(env), rig.startDispatcher(env), rig.startDispatcher(env)]);
    expect(await Promise.all([...old.apis, ...old.dispatchers].map((each) => each.stop()))).toEqual([0, 0, 0]);
    return proxy;
  };

  test.each([
    ['PostgreSQL', 'DATABASE_URL'],
    ['Redis', 'REDIS_URL'],
  ] as const)(
    'breaks every connection to %s ten times: nothing lost, nothing twice',
    async (name, server) => {
      const proxy = await proxied(server);
      for (let round = 0; round < 10; round += 1) {
        await delay(100 + pick(500));
        proxy.cut();
      }
      const outcome = await settle(`${name} cut off 10 times (seed ${faultSeed})`);
      expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
      expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
      if (server === 'REDIS_URL') expect(outcome.posted.refused).toEqual({});
    },
    120_000,
  );

  test.each([
    ['PostgreSQL', 'DATABASE_URL'],
    ['Redis', 'REDIS_URL'],
  ] as const)(
    'is 50 ms slower each way to %s: everything goes on',
    async (name, server) => {
      const proxy = await proxied(server);
      proxy.slow(50);
      await delay(5_000);
      proxy.slow(0);
      const outcome = await settle(`${name} 100 ms away`);
      expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
      expect(outcome.posted.refused).toEqual({});
    },
    120_000,
  );
});

describe('PostgreSQL', () => {
  test('killed under load and started again: 503 meanwhile, what was answered 202 is delivered', async () => {
    const sent = inFlight();
    rig.signalPostgres('SIGKILL');
    await delay(2_000);
    await rig.startPostgres();
    const outcome = await settle('PostgreSQL killed');
    expect(outcome).toMatchObject(SOUND);
    // A result that was committed without its answer reaching the dispatcher is not sent again; nor is anything else.
    expect(outcome.duplicates).toBeLessThanOrEqual(sent);
    expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
    expect(outcome.posted.slowestMs).toBeLessThan(10_000);
  }, 120_000);

  test('paused for 6 s: every answer comes within 10 s, and what was answered 202 is delivered once', async () => {
    rig.signalPostgres('SIGSTOP');
    await delay(6_000);
    rig.signalPostgres('SIGCONT');
    const outcome = await settle('PostgreSQL paused 6 s');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.slowestMs).toBeLessThan(10_000);
    expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
  }, 120_000);

  test('all its connections taken by others for 4 s', async () => {
    const letGo = await holdConnections(rig.databaseUrl, 190);
    await delay(4_000);
    await letGo();
    const outcome = await settle('PostgreSQL out of connections');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
  }, 120_000);
});

describe('The product’s own processes', () => {
  test('a dispatcher killed in mid-flight: what it had sent comes twice at the most, within 40 s', async () => {
    await eventually(() => inFlight() > 0);
    const sent = inFlight();
    await rig.dispatchers[0]?.stop('SIGKILL');
    const outcome = await settle('dispatcher killed');
    expect(outcome).toMatchObject(SOUND);
    expect(outcome.duplicates).toBeLessThanOrEqual(Math.max(sent, EVENTS_PER_SECOND));
    expect(outcome.settledMs).toBeLessThan(40_000);
  }, 120_000);

  test('all dispatchers killed, and one started later', async () => {
    await Promise.all(rig.dispatchers.map((dispatcher) => dispatcher.stop('SIGKILL')));
    await delay(2_000);
    await rig.startDispatcher();
    const outcome = await settle('all dispatchers killed');
    expect(outcome).toMatchObject(SOUND);
    expect(outcome.settledMs).toBeLessThan(LEASE_MS + 25_000);
  }, 120_000);

  test('the API killed at random moments under load: what it had answered 202 is delivered', async () => {
    for (let round = 0; round < 4; round += 1) {
      await delay(100 + pick(400));
      const [api] = rig.apis.splice(0, 1);
      await api?.stop('SIGKILL');
      await rig.startApi();
    }
    const outcome = await settle(`API killed 4 times (seed ${faultSeed})`);
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('a rolling restart by SIGTERM under load: exit 0 within 20 s each, nothing lost, nothing twice', async () => {
    for (const app of ['dispatchers', 'apis'] as const) {
      for (const old of rig[app].slice()) {
        await (app === 'apis' ? rig.startApi() : rig.startDispatcher());
        rig[app].splice(rig[app].indexOf(old), 1);
        const startedAt = Date.now();
        expect(await old.stop()).toBe(0);
        expect(Date.now() - startedAt).toBeLessThan(20_000);
      }
    }
    const outcome = await settle('rolling restart');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('all of them stopped by SIGTERM under load while Redis is down: exit 0 within 20 s, nothing lost, nothing twice', async () => {
    rig.signalRedis('SIGKILL');
    await delay(1_000);
    await Promise.all([rig.startApi({}, 'alive'), rig.startDispatcher({}, 'alive')]);
    const old = [...rig.apis.splice(0, 1), ...rig.dispatchers.splice(0, 2)];
    const startedAt = Date.now();
    expect(await Promise.all(old.map((each) => each.stop()))).toEqual([0, 0, 0]);
    const stoppedMs = Date.now() - startedAt;
    expect(stoppedMs).toBeLessThan(20_000);
    await rig.startRedis();
    const outcome = await settle(`SIGTERM with Redis down (${stoppedMs} ms)`);
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('a dispatcher frozen for longer than its lease, and then awake again, overwrites nothing', async () => {
    await eventually(() => inFlight() > 0);
    rig.dispatchers[0]?.signal('SIGSTOP');
    await delay(LEASE_MS + 3_000);
    rig.dispatchers[0]?.signal('SIGCONT');
    const outcome = await settle('dispatcher frozen 18 s');
    expect(outcome).toMatchObject(SOUND);
    expect(outcome.duplicates).toBeLessThanOrEqual(EVENTS_PER_SECOND);
  }, 120_000);
});

describe('Clocks', () => {
  const startShifted = (minutes: number) =>
    rig.startDispatcher({
      NODE_OPTIONS: `--import=${new URL('shift-clock.mjs', import.meta.url).href}`,
      CLOCK_SHIFT_MS: String(minutes * 60_000),
    });

  test.each([
    ['one ahead by three minutes and one behind', [3, -3]],
    ['one ahead that is then killed, and a right one', [3]],
  ])(
    'dispatchers that differ (%s) keep the schedule of the database’s clock',
    async (name, shifts) => {
      await Promise.all(rig.dispatchers.map((dispatcher) => dispatcher.stop('SIGKILL')));
      await stream.stop();
      await Promise.all(shifts.map(startShifted));
      await eventually(async () => expect(await countOpen(rig.databaseUrl)).toBe(0), SETTLE_MS);
      const receiver = await startReceiver(500, 500, 500, 500, 200);
      receivers.push(receiver);
      await post('/v1/webhook-endpoints', { url: receiver.url, events: ['domain.drift'] }, key);
      await post('/v1/events', { type: 'domain.drift', data: { hostname: 'a' } }, key);
      await eventually(() => receiver.requests.length >= 2);
      if (shifts.length === 1) {
        await rig.startDispatcher();
        await rig.dispatchers.at(-2)?.stop('SIGKILL');
      }
      await eventually(() => receiver.requests.length === 5, SETTLE_MS);
      const gaps = receiver.requests.slice(1).map(({ at }, index) => at - (receiver.requests[index]?.at ?? 0));
      for (const [index, minutes] of [1, 2, 4, 8].entries()) {
        expect(gaps[index]).toBeGreaterThanOrEqual(minutes * RIG_MINUTE_MS - 20);
        // A killed dispatcher's request is found by its lease; a job put off wrongly, a second or two after it is due.
        expect(gaps[index]).toBeLessThan(minutes * RIG_MINUTE_MS + (shifts.length === 1 ? LEASE_MS + 5_000 : 5_000));
      }
      table.push({ fault: `clocks: ${name}`, 'settled ms': gaps.reduce((sum, gap) => sum + gap, 0) });
    },
    120_000,
  );
});

describe('A receiver', () => {
  test('that is dead through the whole ladder: each delivery fails after six attempts, and recovering brings them all', async () => {
    const [receiver] = receivers as [Receiver];
    receiver.answer(500);
    await delay(2_000);
    const posted = await stream.stop();
    await eventually(async () => expect(await countOpen(rig.databaseUrl)).toBe(0), SETTLE_MS);
    const missed = await countOf(`SELECT count(*)::int AS n FROM deliveries WHERE status = 'failed' AND attempts = 6`);
    expect(missed).toBeGreaterThan(0);
    receiver.answer(200);
    const recovery = await post<{ id: string; matched: number }>(
      `/v1/webhook-endpoints/${endpointIds[0]}/recover`,
      { since: '1970-01-01T00:00:00Z' },
      key,
    );
    expect(recovery.matched).toBe(missed);
    const recovered = 'SELECT count(*)::int AS n FROM deliveries WHERE replay_of IS NOT NULL';
    await eventually(async () => {
      expect(await countOf(`${recovered} AND status = 'succeeded'`)).toBe(missed);
      expect(await countOf(recovered)).toBe(missed);
    }, SETTLE_MS);
    const findings = await checkInvariants(rig.databaseUrl, receivers, posted.acknowledged);
    expect(findings).toMatchObject(SOUND);
    table.push({ fault: 'receiver dead through the ladder, then recovered', lost: findings.lost, recovered: missed });
  }, 120_000);

  test('that comes back to a backlog of 10,000 gets all of it, each once', async () => {
    await endStream();
    const [receiver] = receivers as [Receiver];
    const hanging: (() => void)[] = [];
    receiver.answer((response) => void hanging.push(() => response.writeHead(200).end()));
    const before = receiver.requests.length;
    for (let batch = 0; batch < 10; batch += 1) await postBatch(1_000);
    await eventually(() => hanging.length > 0);
    const back = Date.now();
    receiver.answer(200);
    for (const answer of hanging.splice(0)) answer();
    await eventually(async () => expect(await countOpen(rig.databaseUrl)).toBe(0), SETTLE_MS);
    const settledMs = Date.now() - back;
    const ids = receiver.requests.slice(before).map(({ headers }) => headers['x-posthorn-delivery']);
    // A request that hung until its deadline comes again; none that was answered does.
    expect(new Set(ids).size).toBe(10_000);
    const findings = await checkInvariants(rig.databaseUrl, receivers, stream.posted.acknowledged);
    expect(findings).toMatchObject(SOUND);
    table.push({ fault: 'backlog of 10,000', lost: findings.lost, 'settled ms': settledMs });
  }, 180_000);

  test('that is down and comes back gets everything, although many wait for their retry while Redis is emptied', async () => {
    receivers[0]?.answer(503);
    await delay(3_000);
    await commandRedis(rig.redisUrl, 'FLUSHALL');
    receivers[0]?.answer(200);
    const outcome = await settle('receiver down, Redis emptied');
    expect(outcome).toMatchObject({ lost: 0, unrecorded: 0, open: 0, overLimit: 0, balanced: true });
  }, 120_000);
});
