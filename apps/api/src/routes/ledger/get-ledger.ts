import type { Ledger } from '@posthorn/http-api/ledger';
import { readLedger } from '@posthorn/store/operator/read-ledger';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';

/** `GET /v1/ledger`: one tenant's, or all tenants' for the operator who names none. */
export async function getLedger(
  { tenant }: Call<TenantScope | null>,
  { database, measureDrift }: Pick<Deps, 'database' | 'measureDrift'>,
): Promise<Answer> {
  const { eventsAccepted, deliveries, byStatus, oldestDueMs, dropped } = await readLedger(database, tenant?.id ?? null);
  const sum = Object.values(byStatus).reduce((total, count) => total + count, 0);
  const ledger: Ledger = {
    events_accepted: eventsAccepted,
    deliveries,
    by_status: byStatus,
    oldest_due_ms: oldestDueMs,
    ...(tenant === null && { drift: await measureDrift() }),
    dropped,
    balanced: deliveries === sum,
  };
  return ok(ledger);
}
