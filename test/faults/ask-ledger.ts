import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';

/** What the operator's ledger says of all tenants, as far as rows can say the same. */
export interface LedgerCounts {
  readonly events_accepted: number;
  readonly deliveries: number;
  readonly by_status: Readonly<Record<string, number>>;
}

const figuresOf = ({ events_accepted, deliveries, by_status }: LedgerCounts): string =>
  [events_accepted, deliveries, ...deliveryStatuses.map((status) => by_status[status] ?? 0)].join();

/** Whether both say the same of every status; one that is missing counts as none. */
export const isSameLedger = (one: LedgerCounts, other: LedgerCounts): boolean => figuresOf(one) === figuresOf(other);

/** The ledger of a running API; `null` where none answers on that URL. */
export async function askLedger(apiUrl: string): Promise<LedgerCounts | null> {
  const alive = await fetch(`${apiUrl}/livez`).catch(() => null);
  if (!alive) return null;
  return eventually(async () => {
    const answer = await fetch(`${apiUrl}/v1/ledger`, { headers: { authorization: `Bearer ${TEST_ADMIN_KEY}` } });
    if (!answer.ok) throw new Error(`The ledger answers ${await answer.text()}`);
    const { events_accepted, deliveries, by_status } = (await answer.json()) as LedgerCounts;
    return { events_accepted, deliveries, by_status };
  });
}

/** The same, counted row by row. */
export async function countLedger(databaseUrl: string): Promise<LedgerCounts> {
  const [events] = await runSql<{ n: number }>(databaseUrl, 'SELECT count(*)::int AS n FROM events');
  const rows = await runSql<{ status: string; n: number }>(
    databaseUrl,
    'SELECT status, count(*)::int AS n FROM deliveries GROUP BY status',
  );
  return {
    events_accepted: events?.n ?? 0,
    deliveries: rows.reduce((sum, { n }) => sum + n, 0),
    by_status: Object.fromEntries(rows.map(({ status, n }) => [status, n])),
  };
}
