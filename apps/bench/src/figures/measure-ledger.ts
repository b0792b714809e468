import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { percentile, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const QUERIES = 50;
const WARM_UP_QUERIES = 5;

/** p95 in ms of a tenant's ledger and of the operator's of all tenants, at each number of deliveries. */
export async function measureLedger(system: System, rowCounts: readonly number[]) {
  const { id, key, client } = await openTenant(system);
  const p95 = async (bearer: string): Promise<number> => {
    const times: number[] = [];
    for (let query = -WARM_UP_QUERIES; query < QUERIES; query += 1) {
      const startedAt = performance.now();
      await system.get('/v1/ledger', bearer);
      if (query >= 0) times.push(performance.now() - startedAt);
    }
    return rounded(percentile(times, 0.95), 1);
  };
  const results: Record<string, number> = {};
  for (const count of rowCounts) {
    await fillDeliveries(client, id, count);
    results[`tenant_at_${count}_rows`] = await p95(key);
    results[`all_at_${count}_rows`] = await p95(system.operatorKey);
  }
  await client.end();
  return results;
}
