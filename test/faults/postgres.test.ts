// PostgreSQL is killed, paused and out of connections under load; the network breaks and drags.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { holdConnections } from '@posthorn/testkit/hold-connections';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { startReceiver } from '@posthorn/testkit/start-receiver';
import { countOpen } from './check-invariants.ts';
import { faultSeed, pick } from './fault-seed.ts';
import { LEASE_MS, SETTLE_MS, SOUND, useFaultRun } from './use-fault-run.ts';

const run = useFaultRun();

describe('PostgreSQL', () => {
  test('killed under load and started again: 503 meanwhile, what was answered 202 is delivered', async () => {
    const sent = run.inFlight();
    run.rig.signalPostgres('SIGKILL');
    await delay(2_000);
    await run.rig.startPostgres();
    const outcome = await run.settle('PostgreSQL killed');
    expect(outcome).toMatchObject(SOUND);
    // A result that was committed without its answer reaching the dispatcher is not sent again; nor is anything else.
    expect(outcome.duplicates).toBeLessThanOrEqual(sent);
    expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
    expect(outcome.posted.slowestMs).toBeLessThan(10_000);
  }, 120_000);

  test('paused for 6 s: every answer comes within 10 s, and what was answered 202 is delivered once', async () => {
    run.rig.signalPostgres('SIGSTOP');
    await delay(6_000);
    run.rig.signalPostgres('SIGCONT');
    const outcome = await run.settle('PostgreSQL paused 6 s');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.slowestMs).toBeLessThan(10_000);
    expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
  }, 120_000);

  test('paused for 30 s, while a request is under way that takes 50 s: nobody passes for dead, it comes once', async () => {
    await run.endStream();
    const slow = await startReceiver((response) => void setTimeout(() => response.writeHead(200).end(), 50_000));
    run.proxies.push(slow);
    await run.becomePatient(60_000);
    await run.post('/v1/webhook-endpoints', { url: slow.url, events: [] });
    await run.postBatch(1);
    await eventually(() => expect(slow.requests).toHaveLength(1));
    run.rig.signalPostgres('SIGSTOP');
    await delay(30_000);
    run.rig.signalPostgres('SIGCONT');
    await eventually(async () => expect(await countOpen(run.rig.databaseUrl)).toBe(0), SETTLE_MS);
    expect(slow.requests).toHaveLength(1);
    expect(await run.countOf("SELECT count(*)::int AS n FROM attempts WHERE outcome <> 'succeeded'")).toBe(0);
    run.note({ fault: 'PostgreSQL paused 30 s, a request of 50 s under way', lost: 0, duplicates: 0 });
  }, 180_000);

  test('away for longer than a lease: results that could not be recorded are not sent again', async () => {
    for (const receiver of run.receivers) {
      receiver.answer((response) => void setTimeout(() => response.writeHead(200).end(), 1_000));
    }
    await eventually(() => run.inFlight() >= 10);
    run.rig.signalPostgres('SIGKILL');
    await delay(LEASE_MS + 5_000);
    await run.rig.startPostgres();
    const outcome = await run.settle('PostgreSQL away for 20 s');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('all its connections taken by others for 4 s', async () => {
    const letGo = await holdConnections(run.rig.databaseUrl, 190);
    await delay(4_000);
    await letGo();
    const outcome = await run.settle('PostgreSQL out of connections');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
  }, 120_000);
});

describe('The network', () => {
  /** Puts a proxy between every process of the product and a server. */
  const proxied = async (server: 'DATABASE_URL' | 'REDIS_URL'): Promise<Proxy> => {
    const proxy = await startProxy(server === 'DATABASE_URL' ? run.rig.databaseUrl : run.rig.redisUrl);
    run.proxies.push(proxy);
    const old = { apis: run.rig.apis.splice(0), dispatchers: run.rig.dispatchers.splice(0) };
    const env = { [server]: proxy.url };
    await Promise.all([run.rig.startApi(env), run.rig.startDispatcher(env), run.rig.startDispatcher(env)]);
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
      const outcome = await run.settle(`${name} cut off 10 times (seed ${faultSeed})`);
      expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
      expect(Object.keys(outcome.posted.refused).every((status) => status === '503')).toBe(true);
      if (server === 'REDIS_URL') expect(outcome.posted.refused).toEqual({});
      // Leases whose claim was never answered were given back: no attempt is lost to them.
      expect(await run.countOf(`SELECT count(*)::int AS n FROM attempts WHERE outcome = 'interrupted'`)).toBe(0);
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
      const outcome = await run.settle(`${name} 100 ms away`);
      expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
      expect(outcome.posted.refused).toEqual({});
    },
    120_000,
  );
});
