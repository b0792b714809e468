import { expect, test } from '@jest/globals';
import { operatorAct } from '@posthorn/testkit/arrange';
import { countReads } from '@posthorn/testkit/count-reads';
import { runSql } from '@posthorn/testkit/run-sql';
import { advanceRecovery } from '../src/engine/advance-recovery.ts';
import { createRecovery } from '../src/operator/create-recovery.ts';
import { daysAgo, openAged } from './age-events.ts';

const ROWS = 60_000;
/** Deliveries that a step replays. */
const CHUNK = 200;
/** Entries of indexes and rows, for each of them: itself, a later one of its event, its lock, and what its replay refers to. */
const READS_OF_EACH = 6;

test.each([
  ['that failed', ['failed']],
  ['of several statuses', ['failed', 'cancelled']],
])(
  'A step of a recovery reads of deliveries %s as many of each status as it replays, however many there are',
  async (_, statuses) => {
    const { databaseUrl, arranged, aged, tenantId, endpointId } = await openAged();
    await aged.beginWeeks(daysAgo(3), 0);
    const other = await arranged.endpoint(tenantId, 'https://other.example');
    await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
    // One in twenty is the endpoint's own; of these, as of the others, a third failed.
    await runSql(
      databaseUrl,
      `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempts, attempt_limit, created_at, completed_at)
     SELECT uuid_v7_at(now() - n * interval '1 second'), $2::uuid, CASE WHEN n % 20 = 0 THEN $3::uuid ELSE $4::uuid END, gen_random_uuid(), 'domain.verified',
            (ARRAY['failed', 'succeeded', 'cancelled'])[1 + n % 3], 6, 6, now(), now()
     FROM generate_series($1::int, 1, -1) n`,
      [ROWS, tenantId, endpointId, other],
    );
    await runSql(databaseUrl, 'VACUUM ANALYZE');
    const scope = { tenantId, endpointId, since: new Date(0), until: new Date(), statuses };
    await createRecovery(arranged.database, scope, 0, operatorAct('endpoint', endpointId));
    const cost = await countReads(databaseUrl, 'deliveries', async (database) => {
      expect(await advanceRecovery(database)).toHaveLength(CHUNK);
    });
    await arranged.close();
    expect(cost.scanned + cost.entries).toBeLessThanOrEqual(statuses.length * CHUNK * READS_OF_EACH);
  },
  60_000,
);

/** Deliveries of a status that a step looks at: there are twice as many that failed, and few that were cancelled. */
const LOOKED = 5_000;

test('A step looks at a bounded number of deliveries, however many were replayed before, and the steps come to the end', async () => {
  const { databaseUrl, arranged, aged, tenantId, endpointId } = await openAged();
  await aged.beginWeeks(daysAgo(3), 0);
  await runSql(databaseUrl, 'ALTER TABLE deliveries DISABLE TRIGGER USER');
  // Of 12,000 that failed or were cancelled all but the last 10 were sent again, and received.
  await runSql(
    databaseUrl,
    `WITH first AS (
       INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempts, attempt_limit, created_at, completed_at)
       SELECT uuid_v7_at(now() - n * interval '1 second'), $2::uuid, $3::uuid, gen_random_uuid(), 'domain.verified',
              CASE WHEN n % 100 = 3 THEN 'cancelled' ELSE 'failed' END, 6, 6, now(), now()
       FROM generate_series($1::int, 1, -1) n RETURNING id, event_id)
     INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempts, attempt_limit, created_at, completed_at, replay_of)
     SELECT uuid_v7_at(now()), $2::uuid, $3::uuid, event_id, 'domain.verified', 'succeeded', 1, 6, now(), now(), id
     FROM (SELECT * FROM first ORDER BY id LIMIT $1::int - 10) replayed`,
    [12_000, tenantId, endpointId],
  );
  await runSql(databaseUrl, 'VACUUM ANALYZE');
  const scope = { tenantId, endpointId, since: new Date(0), until: new Date(), statuses: ['failed', 'cancelled'] };
  const id = await createRecovery(arranged.database, scope, 10, operatorAct('endpoint', endpointId));
  const steps: number[] = [];
  const read = await countReads(databaseUrl, 'deliveries', async (database) => {
    steps.push((await advanceRecovery(database))?.length ?? -1);
  });
  expect(read.scanned + read.entries).toBeLessThanOrEqual(LOOKED * 4);
  for (let made = await advanceRecovery(arranged.database); made; made = await advanceRecovery(arranged.database))
    steps.push(made.length);
  expect(steps).toEqual([0, 0, 10]);
  const recovery = await arranged.database.recovery.findUniqueOrThrow({ where: { id } });
  expect([recovery.status, recovery.replayed]).toEqual(['done', 10]);
  await arranged.close();
}, 60_000);
