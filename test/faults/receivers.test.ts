// A receiver is down, for a while or through the whole ladder.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { type Receiver } from '@posthorn/testkit/start-receiver';
import { checkInvariants, countOpen } from './check-invariants.ts';
import { SETTLE_MS, SOUND, useFaultRun } from './use-fault-run.ts';

const run = useFaultRun();

describe('A receiver', () => {
  test('that is dead through the whole ladder: each delivery fails after six attempts, and recovering brings them all', async () => {
    const [receiver] = run.receivers as [Receiver];
    receiver.answer(500);
    await delay(2_000);
    const posted = await run.stream.stop();
    await eventually(async () => expect(await countOpen(run.rig.databaseUrl)).toBe(0), SETTLE_MS);
    const missed = await run.countOf(
      `SELECT count(*)::int AS n FROM deliveries WHERE status = 'failed' AND attempts = 6`,
    );
    expect(missed).toBeGreaterThan(0);
    receiver.answer(200);
    const recovery = await run.post<{ id: string; matched: number }>(
      `/v1/webhook-endpoints/${run.endpointIds[0]}/recover`,
      { since: '1970-01-01T00:00:00Z' },
    );
    expect(recovery.matched).toBe(missed);
    const recovered = 'SELECT count(*)::int AS n FROM deliveries WHERE replay_of IS NOT NULL';
    await eventually(async () => {
      expect(await run.countOf(`${recovered} AND status = 'succeeded'`)).toBe(missed);
      expect(await run.countOf(recovered)).toBe(missed);
    }, SETTLE_MS);
    const findings = await checkInvariants(
      run.rig.databaseUrl,
      run.receivers,
      posted.acknowledged,
      run.rig.apis[0]?.url,
    );
    expect(findings).toMatchObject(SOUND);
    run.note({ fault: 'receiver dead through the ladder, then recovered', lost: findings.lost, recovered: missed });
  }, 120_000);

  test('that comes back to a backlog of 10,000 gets all of it, each once', async () => {
    await run.endStream();
    const [receiver] = run.receivers as [Receiver];
    const hanging: (() => void)[] = [];
    receiver.answer((response) => void hanging.push(() => response.writeHead(200).end()));
    const before = receiver.requests.length;
    for (let batch = 0; batch < 10; batch += 1) await run.postBatch(1_000);
    await eventually(() => hanging.length > 0);
    const back = Date.now();
    receiver.answer(200);
    for (const answer of hanging.splice(0)) answer();
    await eventually(async () => expect(await countOpen(run.rig.databaseUrl)).toBe(0), 2 * SETTLE_MS);
    const settledMs = Date.now() - back;
    const ids = receiver.requests.slice(before).map(({ headers }) => headers['x-posthorn-delivery']);
    // A request that hung until its deadline comes again; none that was answered does.
    expect(new Set(ids).size).toBe(10_000);
    const findings = await checkInvariants(
      run.rig.databaseUrl,
      run.receivers,
      run.stream.posted.acknowledged,
      run.rig.apis[0]?.url,
    );
    expect(findings).toMatchObject(SOUND);
    run.note({ fault: 'backlog of 10,000', lost: findings.lost, 'settled ms': settledMs });
  }, 240_000);

  test('that is down and comes back gets everything, although many wait for their retry while Redis is emptied', async () => {
    run.receivers[0]?.answer(503);
    await delay(3_000);
    await commandRedis(run.rig.redisUrl, 'FLUSHALL');
    run.receivers[0]?.answer(200);
    const outcome = await run.settle('receiver down, Redis emptied');
    expect(outcome).toMatchObject({ lost: 0, unrecorded: 0, open: 0, overLimit: 0, balanced: true });
  }, 120_000);
});
