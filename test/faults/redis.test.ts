// Redis is killed, emptied, paused and full under load.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { startReceiver } from '@posthorn/testkit/start-receiver';
import { checkInvariants, countOpen } from './check-invariants.ts';
import { EVENTS_PER_SECOND, SETTLE_MS, SOUND, useFaultRun } from './use-fault-run.ts';

/** After which the first claim must have come. */
const LONGEST_PAUSE_MS = 3_000;
const run = useFaultRun();

describe('Redis', () => {
  test('killed under load and started again empty: the API notices nothing, nothing is sent twice', async () => {
    run.rig.signalRedis('SIGKILL');
    await delay(3_000);
    await run.rig.startRedis();
    await commandRedis(run.rig.redisUrl, 'FLUSHALL');
    const outcome = await run.settle('Redis killed, back empty');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    expect(outcome.posted.slowestMs).toBeLessThan(2_000);
  }, 120_000);

  test('away for 12 s under load: deliveries never stop for longer than 3 s, meanwhile and afterwards', async () => {
    const diedAt = Date.now();
    run.rig.signalRedis('SIGKILL');
    await delay(12_000);
    await run.rig.startRedis();
    const backAt = Date.now();
    // Longer than a claim may take to come, with the stream going on.
    await delay(LONGEST_PAUSE_MS + 1_000);
    const outcome = await run.settle('Redis away for 12 s');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    for (const { requests } of run.receivers) {
      const times = requests.map(({ at }) => at).filter((at) => at >= diedAt);
      const pauses = times.slice(1).map((at, index) => at - (times[index] ?? at));
      expect(Math.max(...pauses)).toBeLessThan(LONGEST_PAUSE_MS);
      expect(times.some((at) => at >= backAt && at < backAt + LONGEST_PAUSE_MS)).toBe(true);
      run.note({
        fault: 'Redis away for 12 s: the longest pause between two deliveries',
        'settled ms': Math.max(...pauses),
      });
    }
  }, 120_000);

  test('emptied under load, three times', async () => {
    for (let round = 0; round < 3; round += 1) {
      await commandRedis(run.rig.redisUrl, 'FLUSHALL');
      await delay(500);
    }
    const outcome = await run.settle('FLUSHALL under load');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
  }, 120_000);

  test('killed under load and started again with what its log had kept: nothing is sent twice', async () => {
    run.rig.signalRedis('SIGKILL');
    await delay(3_000);
    await run.rig.startRedis();
    const outcome = await run.settle('Redis killed, back with its AOF');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    expect(outcome.posted.slowestMs).toBeLessThan(2_000);
  }, 120_000);

  test('emptied while thousands wait for their retry: the schedule comes back from PostgreSQL', async () => {
    await run.endStream();
    // Many endpoints, since one that fails is sent one request at a time.
    const receiver = await startReceiver((response) => response.writeHead(503, { 'retry-after': '10' }).end());
    run.receivers.push(receiver);
    for (let index = 0; index < 100; index += 1) {
      await run.post('/v1/webhook-endpoints', { url: `${receiver.url}/${index}`, events: ['domain.drift'] });
    }
    await run.postBatch(30, 'domain.drift');
    await eventually(
      async () =>
        expect(await run.countOf(`SELECT count(*)::int AS n FROM deliveries WHERE status = 'retrying'`)).toBe(3_000),
      SETTLE_MS,
    );
    receiver.answer(200);
    await commandRedis(run.rig.redisUrl, 'FLUSHALL');
    const emptiedAt = Date.now();
    await eventually(async () => expect(await countOpen(run.rig.databaseUrl)).toBe(0), SETTLE_MS);
    // Some were due again before the queue was emptied: those have a third attempt.
    const attempts = `SELECT count(*)::int AS n FROM attempts a JOIN deliveries d ON d.id = a.delivery_id
      JOIN events e ON e.id = d.event_id JOIN endpoints p ON p.id = d.endpoint_id
      WHERE e.type = 'domain.drift' AND p.url LIKE '${receiver.url}/%'`;
    expect(receiver.requests).toHaveLength(await run.countOf(attempts));
    expect(receiver.requests.length).toBeGreaterThanOrEqual(6_000);
    const findings = await checkInvariants(
      run.rig.databaseUrl,
      run.receivers.slice(0, 2),
      run.stream.posted.acknowledged,
      run.rig.apis[0]?.url,
    );
    expect(findings).toMatchObject(SOUND);
    run.note({ fault: 'FLUSHALL while 3,000 wait for a retry', lost: 0, 'settled ms': Date.now() - emptiedAt });
  }, 180_000);

  test('paused for 15 s: the API answers as before, deliveries go on, nothing is sent twice', async () => {
    run.rig.signalRedis('SIGSTOP');
    const before = run.receivers[0]?.requests.length ?? 0;
    await delay(15_000);
    expect((run.receivers[0]?.requests.length ?? 0) - before).toBeGreaterThan(EVENTS_PER_SECOND);
    run.rig.signalRedis('SIGCONT');
    const resumedAt = Date.now();
    await eventually(() => run.receivers[0]?.requests.some(({ at }) => at > resumedAt) === true, 3_000);
    run.note({ fault: 'Redis back after 15 s: the next request', 'settled ms': Date.now() - resumedAt });
    const outcome = await run.settle('Redis paused 15 s');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
    expect(outcome.posted.slowestMs).toBeLessThan(2_000);
  }, 120_000);

  test('full: what comes meanwhile is delivered meanwhile', async () => {
    await commandRedis(run.rig.redisUrl, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await commandRedis(run.rig.redisUrl, 'CONFIG', 'SET', 'maxmemory', '1mb');
    const fullAt = Date.now();
    const acceptedBefore = run.stream.posted.acknowledged.length;
    const sentSince = () => run.receivers[0]?.requests.filter(({ at }) => at > fullAt).length ?? 0;
    await eventually(() => run.stream.posted.acknowledged.length > acceptedBefore + 2 * EVENTS_PER_SECOND, 20_000);
    await eventually(() => sentSince() > EVENTS_PER_SECOND, 10_000);
    run.note({ fault: 'Redis full: requests meanwhile', 'settled ms': Date.now() - fullAt });
    await commandRedis(run.rig.redisUrl, 'CONFIG', 'SET', 'maxmemory', '0');
    const outcome = await run.settle('Redis full');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
    expect(outcome.posted.refused).toEqual({});
  }, 120_000);
});
