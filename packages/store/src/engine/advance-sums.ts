import { planSum, type SumProgress, type SumStep } from '@posthorn/domain/stats/plan-sum';
import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { uuidFloor, uuidMoment } from '@posthorn/domain/uuid-time';
import type { Database, Transaction } from '../open-database.ts';
import { addAttempts, addDeliveries, keptBuckets } from './add-to-sums.ts';
import { SUMS, takeTurn } from './take-turn.ts';

const MAX_DELIVERIES = 200_000;
const TIMEOUT_MS = 120_000;
const MINUTE_MS = 60_000;

async function readProgress(tx: Transaction): Promise<SumProgress & { readonly earliest: Date }> {
  const { bucketSeconds, bucketCount } = statsBuckets['7d'];
  const [row] = await tx.$queryRaw<(SumProgress & { readonly earliest: Date })[]>`
    SELECT now() AS now, noted_before AS "notedBefore", summed_before AS "summedBefore", settled_by AS "settledBy",
           pg_snapshot_xmin(s)::text::bigint AS "oldestRunning", pg_snapshot_xmax(s)::text::bigint AS next,
           date_bin(b, now(), 'epoch') - ${bucketCount}::int * b AS earliest
    FROM sum_progress, pg_current_snapshot() s, make_interval(secs => ${bucketSeconds}::int) b`;
  if (!row) throw new Error('The row that says how far statistics are summed is missing');
  return row;
}

const moveNotes = (tx: Transaction, to: Date): Promise<number> => tx.$executeRaw`
  UPDATE sum_progress SET noted_before = ${to}::timestamptz, noted_below = ${uuidFloor(to)}::uuid, settled_by = NULL`;

const moveSums = (tx: Transaction, to: Date): Promise<number> =>
  tx.$executeRaw`UPDATE sum_progress SET summed_before = ${to}::timestamptz, settled_by = NULL`;

/** Where a step ends that begins at `from`: at `until`, or where it has had enough deliveries. */
async function endOfStep(
  tx: Transaction,
  from: Date,
  { atLeast, until }: Extract<SumStep, { kind: 'begin' }>,
  maxDeliveries: number,
): Promise<Date> {
  if (until <= atLeast) return until;
  const [beyond] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM deliveries WHERE id >= ${uuidFloor(from)}::uuid AND id < ${uuidFloor(until)}::uuid
    ORDER BY id OFFSET ${maxDeliveries} LIMIT 1`;
  if (!beyond) return until;
  const end = Math.floor(uuidMoment(beyond.id).getTime() / MINUTE_MS) * MINUTE_MS;
  return new Date(Math.max(end, atLeast.getTime()));
}

/** What was noted by then is among the rows, since a statement sees both or neither. */
async function sum(tx: Transaction, from: Date, to: Date): Promise<void> {
  await tx.$executeRaw`
    WITH known AS (
      DELETE FROM delivery_sum_changes WHERE at >= ${from}::timestamptz AND at < ${to}::timestamptz
    ), fresh AS (
      SELECT tenant_id, endpoint_id, uuid_minute(id) AS at, status, count(*) AS n FROM deliveries
      WHERE id >= ${uuidFloor(from)}::uuid AND id < ${uuidFloor(to)}::uuid GROUP BY 1, 2, 3, 4
    )
    ${addDeliveries}`;
  await tx.$executeRaw`
    WITH known AS (
      DELETE FROM attempt_sum_changes WHERE at >= ${from}::timestamptz AND at < ${to}::timestamptz
    ), fresh AS (
      SELECT t.id AS tenant_id, a.* FROM tenants t CROSS JOIN LATERAL (
        SELECT endpoint_id, date_bin('1 minute', started_at, 'epoch') AS at, outcome = 'succeeded' AS succeeded,
               CASE WHEN response_status IS NOT NULL THEN summed_ms(duration_ms) END AS answered_ms, count(*) AS n
        FROM attempts WHERE tenant_id = t.id AND started_at >= ${from}::timestamptz AND started_at < ${to}::timestamptz
        GROUP BY 1, 2, 3, 4) a
    ), ${addAttempts}`;
  await moveSums(tx, to);
}

/** Buckets that no range shows any more. */
async function dropOld(tx: Transaction): Promise<void> {
  await tx.$executeRaw`DELETE FROM delivery_sums s USING ${keptBuckets} k WHERE s.seconds = k.seconds AND s.at < k.since`;
  await tx.$executeRaw`DELETE FROM attempt_sums s USING ${keptBuckets} k WHERE s.seconds = k.seconds AND s.at < k.since`;
}

async function take(tx: Transaction, maxDeliveries: number): Promise<SumStep['kind']> {
  const { earliest, ...progress } = await readProgress(tx);
  const step = planSum(progress, earliest);
  if (step.kind === 'skip') {
    await moveNotes(tx, step.to);
    await moveSums(tx, step.to);
  } else if (step.kind === 'begin') {
    await moveNotes(tx, await endOfStep(tx, progress.summedBefore, step, maxDeliveries));
  } else if (step.kind === 'settle') {
    await tx.$executeRaw`UPDATE sum_progress SET settled_by = pg_current_xact_id()::text::bigint`;
  } else if (step.kind === 'sum') {
    await sum(tx, progress.summedBefore, progress.notedBefore);
    await dropOld(tx);
  }
  return step.kind;
}

/**
 * Takes the next step towards sums of all that is over, in one transaction: so they are as far as they say, whenever it is
 * interrupted. Any number of dispatchers may call this at once.
 *
 * @param maxDeliveries that are brought into the sums in one step, unless a single minute has more
 * @returns what was done; `null` when it was somebody else's turn
 */
export const advanceSums = (database: Database, maxDeliveries = MAX_DELIVERIES): Promise<SumStep['kind'] | null> =>
  takeTurn(database, TIMEOUT_MS, (tx) => take(tx, maxDeliveries), SUMS);
