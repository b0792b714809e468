import { eventually } from '@posthorn/testkit/eventually';
import type { SystemTenant } from '@posthorn/testkit/start-system';

/** A delivery as the API shows it. */
export interface ShownDelivery {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly next_retry_at: string | null;
  readonly last_error: string | null;
  readonly payload: string;
  readonly attempt_log: readonly {
    readonly number: number;
    readonly outcome: string;
    readonly started_at: string;
    readonly request_headers: Readonly<Record<string, string>>;
  }[];
}

/** The deliveries that a query finds, newest first. */
export async function listDeliveries(tenant: SystemTenant, query: string): Promise<ShownDelivery[]> {
  return (await tenant.expect<{ data: ShownDelivery[] }>('GET', `/v1/webhook-deliveries?limit=200&${query}`)).data;
}

/** Waits until every delivery that the query finds is final, and there are `count` of them. */
export const settledDeliveries = (
  tenant: SystemTenant,
  query: string,
  count: number,
  timeoutMs?: number,
): Promise<ShownDelivery[]> =>
  eventually(async () => {
    const deliveries = await listDeliveries(tenant, query);
    const open = deliveries.filter(({ status }) => status === 'pending' || status === 'retrying');
    if (open.length > 0 || deliveries.length !== count) {
      throw new Error(`${deliveries.length} of ${count} deliveries, ${open.length} of them open`);
    }
    return deliveries;
  }, timeoutMs);

/** One delivery with its attempts. */
export const readDelivery = (tenant: SystemTenant, id: string): Promise<ShownDelivery> =>
  tenant.expect<ShownDelivery>('GET', `/v1/webhook-deliveries/${id}`);
