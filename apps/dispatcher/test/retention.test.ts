import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { holdLock } from '@posthorn/testkit/hold-lock';
import { runSql } from '@posthorn/testkit/run-sql';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';

/** The same id, as if it were made 60 days ago at midnight. */
const EARLIER = `
  CREATE FUNCTION earlier(id uuid) RETURNS uuid LANGUAGE sql AS $$
    SELECT encode(substring(uuid_send(uuid_floor(date_trunc('day', now()) - interval '60 days')) FROM 1 FOR 6)
                  || substring(uuid_send(id) FROM 7), 'hex')::uuid $$`;
const OLD = 50;

let databaseUrl: string;
let env: Record<string, string>;
let arranged: Arranged;
let receiver: Receiver;
const running: StartedProcess[] = [];

beforeEach(async () => {
  databaseUrl = await createTestDatabase();
  env = { DATABASE_URL: databaseUrl, REDIS_URL: await claimTestRedis(), RETENTION_DAYS: '30' };
  arranged = arrange(databaseUrl);
  receiver = await startReceiver();
  receiver.answer(500);
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  const [open] = await arranged.events(tenantId, OLD);
  await runSql(
    databaseUrl,
    `SELECT add_partition(date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - n * interval '24 hours',
                          date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - (n - 5) * interval '24 hours')
     FROM unnest(ARRAY[65, 60, 55]) n`,
  );
  await runSql(databaseUrl, EARLIER);
  await runSql(databaseUrl, 'UPDATE events SET id = earlier(id)');
  await runSql(databaseUrl, 'UPDATE deliveries SET id = earlier(id), event_id = earlier(event_id)');
  await runSql(
    databaseUrl,
    `UPDATE deliveries SET status = 'succeeded', due_at = NULL, completed_at = now() WHERE id <> earlier($1)`,
    [open?.id],
  );
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await Promise.all([arranged.close(), receiver.close()]);
});

const start = async (): Promise<StartedProcess> => {
  const dispatcher = await startProcess('dispatcher', env);
  running.push(dispatcher);
  return dispatcher;
};
const count = async (sql: string): Promise<number> => {
  const [row] = await runSql<{ n: number }>(databaseUrl, `SELECT count(*)::int AS n FROM ${sql}`);
  return row?.n ?? -1;
};
const takenOff = () => count(`pg_class WHERE relkind = 'r' AND relname ~ '^events_[0-9]{8}$' AND NOT relispartition`);
const dropped = async (): Promise<number> => {
  const [row] = await runSql<{ n: number }>(
    databaseUrl,
    `SELECT coalesce(sum(n), 0)::int AS n FROM (
       SELECT total AS n FROM ledger_totals WHERE name = 'dropped_events'
       UNION ALL SELECT change FROM ledger_changes WHERE name = 'dropped_events') AS noted`,
  );
  return row?.n ?? -1;
};

test('A dispatcher that is killed between taking a partition off and removing it leaves that to the next one', async () => {
  // Who reads here keeps foreign keys to it from being dropped, and partitions from nothing else.
  const letGo = await holdLock(databaseUrl, 'LOCK TABLE own_profiles IN ROW SHARE MODE');
  try {
    const first = await start();
    await eventually(async () => expect(await takenOff()).toBeGreaterThan(0));
    expect(await dropped()).toBe(0);
    expect(await first.stop('SIGKILL')).toBeNull();
  } finally {
    await letGo();
  }
  await Promise.all([start(), start()]);
  await eventually(async () => expect([await takenOff(), await dropped()]).toEqual([0, OLD - 1]));
  // The one that was open was not lost: it is tried on, although its partition is gone.
  await eventually(async () => expect(await count(`deliveries_default WHERE status = 'retrying'`)).toBe(1));
  receiver.answer(200);
  await runSql(databaseUrl, `UPDATE deliveries SET due_at = now() WHERE status = 'retrying'`);
  await eventually(async () => expect(await count(`deliveries_default WHERE status = 'succeeded'`)).toBe(1));
  expect(
    await count('deliveries d WHERE d.attempts = (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id)'),
  ).toBe(1);
  const [stopped] = await Promise.all(running.slice(1).map((each) => each.stop()));
  expect(stopped).toBe(0);
});
