// The product’s own processes are killed, frozen, rolled, and have wrong clocks.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { eventually } from '@posthorn/testkit/eventually';
import { startReceiver } from '@posthorn/testkit/start-receiver';
import { countOpen } from './check-invariants.ts';
import { faultSeed, pick } from './fault-seed.ts';
import { RIG_MINUTE_MS } from './start-rig.ts';
import { EVENTS_PER_SECOND, LEASE_MS, SETTLE_MS, SOUND, useFaultRun } from './use-fault-run.ts';

const run = useFaultRun();

describe('The product’s own processes', () => {
  test('a dispatcher killed in mid-flight: what it had sent comes twice at the most, within 40 s', async () => {
    await eventually(() => run.inFlight() > 0);
    await run.rig.dispatchers[0]?.stop('SIGKILL');
    // The dead one's leases last 15 s, so they are all still there.
    const inFlight = await run.leased();
    const outcome = await run.settle('dispatcher killed');
    expect(outcome).toMatchObject(SOUND);
    expect(outcome.duplicates).toBeLessThanOrEqual(inFlight);
    expect(outcome.settledMs).toBeLessThan(40_000);
  }, 120_000);

  test('all dispatchers killed, and one started later', async () => {
    await eventually(() => run.inFlight() > 0);
    await Promise.all(run.rig.dispatchers.map((dispatcher) => dispatcher.stop('SIGKILL')));
    const inFlight = await run.leased();
    await delay(2_000);
    await run.rig.startDispatcher();
    const outcome = await run.settle('all dispatchers killed');
    expect(outcome).toMatchObject(SOUND);
    expect(outcome.duplicates).toBeLessThanOrEqual(inFlight);
    expect(outcome.settledMs).toBeLessThan(LEASE_MS + 25_000);
  }, 120_000);

  test('the API killed at random moments under load: what it had answered 202 is delivered', async () => {
    for (let round = 0; round < 4; round += 1) {
      await delay(100 + pick(400));
      const [api] = run.rig.apis.splice(0, 1);
      await api?.stop('SIGKILL');
      await run.rig.startApi();
    }
    const outcome = await run.settle(`API killed 4 times (seed ${faultSeed})`);
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('a rolling restart by SIGTERM under load: exit 0 within 20 s each, nothing lost, nothing twice', async () => {
    for (const app of ['dispatchers', 'apis'] as const) {
      for (const old of run.rig[app].slice()) {
        await (app === 'apis' ? run.rig.startApi() : run.rig.startDispatcher());
        run.rig[app].splice(run.rig[app].indexOf(old), 1);
        const startedAt = Date.now();
        expect(await old.stop()).toBe(0);
        expect(Date.now() - startedAt).toBeLessThan(20_000);
      }
    }
    const outcome = await run.settle('rolling restart');
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('all of them stopped by SIGTERM under load while Redis is down: exit 0 within 20 s, nothing lost, nothing twice', async () => {
    run.rig.signalRedis('SIGKILL');
    await delay(1_000);
    await Promise.all([run.rig.startApi({}, 'alive'), run.rig.startDispatcher({}, 'alive')]);
    const old = [...run.rig.apis.splice(0, 1), ...run.rig.dispatchers.splice(0, 2)];
    const startedAt = Date.now();
    expect(await Promise.all(old.map((each) => each.stop()))).toEqual([0, 0, 0]);
    const stoppedMs = Date.now() - startedAt;
    expect(stoppedMs).toBeLessThan(20_000);
    await run.rig.startRedis();
    const outcome = await run.settle(`SIGTERM with Redis down (${stoppedMs} ms)`);
    expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  }, 120_000);

  test('a dispatcher frozen for longer than its lease, and then awake again, overwrites nothing', async () => {
    await eventually(() => run.inFlight() > 0);
    run.rig.dispatchers[0]?.signal('SIGSTOP');
    await delay(LEASE_MS + 3_000);
    run.rig.dispatchers[0]?.signal('SIGCONT');
    const outcome = await run.settle('dispatcher frozen 18 s');
    expect(outcome).toMatchObject(SOUND);
    expect(outcome.duplicates).toBeLessThanOrEqual(EVENTS_PER_SECOND);
  }, 120_000);
});

describe('Clocks', () => {
  const shifted = (minutes: number) => ({
    NODE_OPTIONS: `--import=${new URL('shift-clock.mjs', import.meta.url).href}`,
    CLOCK_SHIFT_MS: String(minutes * 60_000),
  });
  const startShifted = (minutes: number) => run.rig.startDispatcher(shifted(minutes));

  test.each([
    ['one ahead by three minutes and one behind', [3, -3]],
    ['one ahead that is then killed, and a right one', [3]],
  ])(
    'dispatchers that differ (%s) keep the schedule of the database’s clock',
    async (name, shifts) => {
      await Promise.all(run.rig.dispatchers.map((dispatcher) => dispatcher.stop('SIGKILL')));
      await run.stream.stop();
      await Promise.all(shifts.map(startShifted));
      await eventually(async () => expect(await countOpen(run.rig.databaseUrl)).toBe(0), SETTLE_MS);
      const receiver = await startReceiver(500, 500, 500, 500, 200);
      run.receivers.push(receiver);
      await run.post('/v1/webhook-endpoints', { url: receiver.url, events: ['domain.drift'] });
      await run.post('/v1/events', { type: 'domain.drift', data: { hostname: 'a' } });
      await eventually(() => receiver.requests.length >= 2);
      if (shifts.length === 1) {
        await run.rig.startDispatcher();
        await run.rig.dispatchers.at(-2)?.stop('SIGKILL');
      }
      await eventually(() => receiver.requests.length === 5, SETTLE_MS);
      const gaps = receiver.requests.slice(1).map(({ at }, index) => at - (receiver.requests[index]?.at ?? 0));
      for (const [index, minutes] of [1, 2, 4, 8].entries()) {
        expect(gaps[index]).toBeGreaterThanOrEqual(minutes * RIG_MINUTE_MS - 20);
        // A killed dispatcher's request is found by its lease; a job put off wrongly, a second or two after it is due.
        expect(gaps[index]).toBeLessThan(minutes * RIG_MINUTE_MS + (shifts.length === 1 ? LEASE_MS + 5_000 : 5_000));
      }
      run.note({ fault: `clocks: ${name}`, 'settled ms': gaps.reduce((sum, gap) => sum + gap, 0) });
    },
    120_000,
  );

  test('an API ahead by three minutes: events and replays are sent at once, a recovery replays each delivery once and ends, a rotation overlaps as long as asked', async () => {
    await run.endStream();
    const [right] = run.rig.apis.splice(0, 1);
    await run.rig.startApi(shifted(3));
    await right?.stop();
    const receiver = await startReceiver(500);
    run.receivers.push(receiver);
    const endpoint = { url: receiver.url, events: ['domain.drift'] };
    const { id } = await run.post<{ id: string }>('/v1/webhook-endpoints', endpoint);
    const recover = () =>
      run.post<{ matched: number }>(`/v1/webhook-endpoints/${id}/recover`, { since: '1970-01-01T00:00:00Z' });
    const events = 5;
    /** Posts, expects so many requests more within seconds, and waits until so many deliveries have failed in all. */
    const failAtOnce = async (post: () => Promise<unknown>, requests: number, failed: number): Promise<void> => {
      const before = receiver.requests.length;
      await post();
      await eventually(() => receiver.requests.length >= before + requests, 5_000);
      const ofEndpoint = `SELECT count(*)::int AS n FROM deliveries
        WHERE endpoint_id = '${decodeTypeId('endpoint', id)}' AND status`;
      await eventually(async () => expect(await run.countOf(`${ofEndpoint} = 'failed'`)).toBe(failed), SETTLE_MS);
      expect(await run.countOf(`${ofEndpoint} <> 'failed'`)).toBe(0);
    };
    await failAtOnce(() => run.postBatch(events, 'domain.drift'), events, events);
    const delivery = String(receiver.requests[0]?.headers['x-posthorn-delivery']);
    await failAtOnce(() => run.post(`/v1/webhook-deliveries/${delivery}/replay`, {}), 1, events + 1);
    await failAtOnce(async () => expect((await recover()).matched).toBe(events), events, 2 * events + 1);
    expect(await run.countOf(`SELECT count(*)::int AS n FROM recoveries WHERE status = 'done'`)).toBe(1);
    await run.post(`/v1/webhook-endpoints/${id}/rotate-secret`, { overlap_seconds: 600 });
    const overlap = 'SELECT extract(epoch FROM max(overlap_ends_at) - now())::float8 AS n FROM endpoints';
    expect(Math.abs((await run.countOf(overlap)) - 600)).toBeLessThan(10);
    run.note({ fault: 'clocks: an API ahead by three minutes', duplicates: 0 });
  }, 120_000);
});
