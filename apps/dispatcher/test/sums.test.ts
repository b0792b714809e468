import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { readStats } from '@posthorn/store/operator/read-stats';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';

const COUNT = 20;
let databaseUrl: string;
let arranged: Arranged;
let receiver: Receiver;
let running: StartedProcess[] = [];

beforeEach(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  receiver = await startReceiver();
  receiver.answer(500);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await Promise.all([arranged.close(), receiver.close()]);
});

test('Dispatchers sum what is over, whoever of them is first, and fold in what becomes of it later', async () => {
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  await arranged.events(tenantId, COUNT);
  const scope = { tenantId, endpointId: null, ...statsBuckets['24h'] };
  const made = async () => (await readStats(arranged.database, scope)).made.map(({ status, count }) => [status, count]);
  // As if they had been made three hours ago; the events stay where they are.
  await runSql(databaseUrl, `UPDATE deliveries SET id = uuid_v7_at(now() - interval '3 hours')`);
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: await claimTestRedis() };
  running = await Promise.all([startProcess('dispatcher', env), startProcess('dispatcher', env)]);
  const behind = `SELECT now() - summed_before > interval '5 minutes' AS behind FROM sum_progress`;
  await eventually(async () => expect(await runSql(databaseUrl, behind)).toEqual([{ behind: false }]), 30_000);
  await eventually(async () => expect(await made()).toEqual([['retrying', COUNT]]));
  receiver.answer(200);
  await runSql(databaseUrl, `UPDATE deliveries SET due_at = now() WHERE status = 'retrying'`);
  await eventually(async () => expect(await made()).toEqual([['succeeded', COUNT]]));
  await eventually(async () => expect(await arranged.database.deliverySumChange.count()).toBe(0));
  const where = { status: 'succeeded', seconds: scope.bucketSeconds };
  expect((await arranged.database.deliverySum.findMany({ where })).map(({ count }) => count)).toEqual([COUNT, COUNT]);
  expect(await made()).toEqual([['succeeded', COUNT]]);
}, 60_000);
