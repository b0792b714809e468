import { againAfterDeadlock } from '../again-after-deadlock.ts';
import { type Act, noteAct } from '../note-act.ts';
import { cancelBacklog, cancelOpenDeliveries } from './cancel-open-deliveries.ts';
import { type EndpointRow, findEndpoint } from './find-endpoint.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** What may change; a missing field stays. */
export interface EndpointChanges {
  readonly url?: string;
  readonly events?: string[];
  readonly description?: string;
  readonly headersSealed?: string | null;
  readonly rateLimit?: number | null;
  readonly caCertificate?: string | null;
  readonly caSummary?: string | null;
  readonly clientCertificate?: string | null;
  readonly clientSummary?: string | null;
  readonly clientKeySealed?: string | null;
  readonly status?: 'enabled' | 'disabled';
  readonly warnAfterSeconds?: number | null;
  readonly disableAfterSeconds?: number | null;
  readonly orderingSkipAfter?: number | null;
}

const DISABLED_REASON = 'Disabled on request';
const CANCEL_REASON = `The endpoint was disabled: ${DISABLED_REASON}`;
const TIMEOUT_MS = 8_000;
const NEW_START = { breaks: true, succeeded: false, failed: false, failures: 0 };

const disabledReason = (status: EndpointChanges['status']) =>
  status === undefined
    ? {}
    : status === 'disabled'
      ? { disabledReason: DISABLED_REASON, disabledBy: 'request' }
      : { disabledReason: null, disabledBy: null };

/**
 * Changes an endpoint. Disabling it cancels its open deliveries in the same transaction, of a very large backlog the
 * first part.
 *
 * @returns the endpoint after the change; `null` when there is none
 */
export async function updateEndpoint(
  database: TenantDatabase,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  changes: EndpointChanges,
  act: Act,
): Promise<EndpointRow | null> {
  const { endpoint, more } = await againAfterDeadlock(() =>
    database.$transaction(
      async (tx) => {
        const { count } = await tx.endpoint.updateMany({
          where: { id, deletedAt: null },
          data: { ...changes, ...disabledReason(changes.status) },
        });
        const row = count > 0 ? await findEndpoint(tx, id) : null;
        if (row === null) return { endpoint: null, more: false };
        const left = changes.status === 'disabled' && (await cancelOpenDeliveries(tx, id, CANCEL_REASON));
        // What failed before it was enabled must not disable it again.
        if (changes.status === 'enabled')
          await tx.healthChange.createMany({ data: [{ ...NEW_START, tenantId, endpointId: id }] });
        if (act.fields.length > 0) await noteAct(tx, tenantId, act);
        return { endpoint: row, more: left };
      },
      { timeout: TIMEOUT_MS },
    ),
  );
  if (more) await cancelBacklog(database, id, CANCEL_REASON);
  return endpoint;
}
