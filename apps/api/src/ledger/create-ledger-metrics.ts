import { Gauge, type Registry } from '@posthorn/runtime/create-metrics';
import type { LedgerFigures } from '@posthorn/store/operator/read-ledger';

/** One reading serves all gauges of a scrape. */
const SHARED_MS = 500;
/** A scrape does not wait for a database that hangs: its other figures are wanted most then. */
const PATIENCE_MS = 1_000;

/**
 * The ledger of all tenants as gauges, read when somebody asks. While the database is away they are NaN: a ledger that
 * nobody could read is not empty.
 *
 * @param now a clock that never goes back, in ms
 */
export function createLedgerMetrics(registry: Registry, read: () => Promise<LedgerFigures>, now: () => number): void {
  let reading: { readonly at: number; readonly figures: Promise<LedgerFigures | null> } | null = null;
  let pending = false;
  const begin = (): Promise<LedgerFigures | null> => {
    pending = true;
    const figures = read()
      .catch(() => null)
      .finally(() => {
        pending = false;
      });
    // The reading itself goes on; the next one begins only after it.
    const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref());
    return Promise.race([figures, late]);
  };
  const figures = (): Promise<LedgerFigures | null> => {
    const stale = !reading || now() - reading.at > SHARED_MS;
    if (!reading || (stale && !pending)) reading = { at: now(), figures: begin() };
    return reading.figures;
  };
  const gauge = (options: { name: string; help: string }, value: (ledger: LedgerFigures) => number): void =>
    void new Gauge({
      ...options,
      registers: [registry],
      async collect() {
        const ledger = await figures();
        this.set(ledger ? value(ledger) : Number.NaN);
      },
    });
  gauge({ name: 'posthorn_ledger_events', help: 'Events accepted' }, ({ eventsAccepted }) => eventsAccepted);
  gauge(
    { name: 'posthorn_ledger_deliveries', help: 'Deliveries that events and replays made' },
    ({ deliveries }) => deliveries,
  );
  gauge(
    { name: 'posthorn_oldest_due_seconds', help: 'How long the longest waiting due delivery is overdue' },
    ({ oldestDueMs }) => oldestDueMs / 1_000,
  );
  new Gauge({
    name: 'posthorn_deliveries',
    help: 'Deliveries by their status',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const ledger = await figures();
      this.reset();
      for (const [status, count] of Object.entries(ledger?.byStatus ?? {})) this.set({ status }, count);
    },
  });
}
