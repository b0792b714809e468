import { decodeTypeId } from '@posthorn/domain/type-id';
import { pollSql } from '@posthorn/testkit/poll-sql';
import { runSql } from '@posthorn/testkit/run-sql';
import type { Receiver } from '@posthorn/testkit/start-receiver';
import { askLedger, countLedger, isSameLedger } from './ask-ledger.ts';

/** What a run came to. All of it is counted from what the receivers got and what PostgreSQL holds. */
export interface Findings {
  /** Acknowledged events that an endpoint never got. */
  readonly lost: number;
  /** Requests for which there is no attempt on record. */
  readonly unrecorded: number;
  /** Requests beyond one for a delivery that was answered 2xx at its first. */
  readonly duplicates: number;
  /** Deliveries still open. */
  readonly open: number;
  /** Deliveries with more attempts than their limit, or whose log does not number them from 1 on. */
  readonly overLimit: number;
  /** Whether the accepted events made as many deliveries as there are, and the API's ledger says what the rows say. */
  readonly balanced: boolean;
}

async function one(databaseUrl: string, sql: string): Promise<number> {
  const [row] = await pollSql<{ n: number }>(databaseUrl, sql);
  return Number(row?.n);
}

const OPEN = `SELECT count(*)::int AS n FROM deliveries WHERE status IN ('pending', 'retrying')`;
const OVER_LIMIT = `
  SELECT count(*)::int AS n FROM deliveries d
  WHERE d.attempts > d.attempt_limit
     OR d.attempts <> (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id)
     OR d.attempts <> coalesce((SELECT max(number) FROM attempts a WHERE a.delivery_id = d.id), 0)`;
const ACCEPTED = 'SELECT coalesce(sum(delivery_count), 0)::int AS n FROM events';
const MADE = 'SELECT count(*)::int AS n FROM deliveries WHERE replay_of IS NULL';

/** How many deliveries are open, that is all there is to wait for. */
export const countOpen = (databaseUrl: string): Promise<number> => one(databaseUrl, OPEN);

async function isBalanced(databaseUrl: string, apiUrl: string | undefined): Promise<boolean> {
  if ((await one(databaseUrl, ACCEPTED)) !== (await one(databaseUrl, MADE))) return false;
  const ledger = apiUrl === undefined ? null : await askLedger(apiUrl);
  return ledger === null || isSameLedger(ledger, await countLedger(databaseUrl));
}

/**
 * Jepsen's total-queue check, for webhooks: nothing acknowledged is lost, nothing is sent that is not on record.
 *
 * @param apiUrl an API whose ledger is asked too; one that has died is not
 */
export async function checkInvariants(
  databaseUrl: string,
  receivers: readonly Receiver[],
  acknowledged: readonly string[],
  apiUrl: string | undefined,
): Promise<Findings> {
  const attempts = await runSql<{ delivery: string; n: number }>(
    databaseUrl,
    'SELECT delivery_id::text AS delivery, count(*)::int AS n FROM attempts GROUP BY 1',
  );
  const recorded = new Map(attempts.map(({ delivery, n }) => [delivery, n]));
  const perDelivery = new Map<string, number>();
  let lost = 0;
  for (const { requests } of receivers) {
    const got = new Set(requests.map(({ headers }) => String(headers['x-posthorn-event'])));
    lost += acknowledged.filter((id) => !got.has(id)).length;
    for (const { headers } of requests) {
      const key = String(headers['x-posthorn-delivery']);
      perDelivery.set(key, (perDelivery.get(key) ?? 0) + 1);
    }
  }
  const requests = [...perDelivery.values()].reduce((sum, count) => sum + count, 0);
  const unrecorded = [...perDelivery].reduce(
    (sum, [id, count]) => sum + Math.max(0, count - (recorded.get(decodeTypeId('delivery', id) ?? '') ?? 0)),
    0,
  );
  const duplicates = requests - perDelivery.size;
  return {
    lost,
    unrecorded,
    duplicates,
    open: await countOpen(databaseUrl),
    overLimit: await one(databaseUrl, OVER_LIMIT),
    balanced: await isBalanced(databaseUrl, apiUrl),
  };
}
