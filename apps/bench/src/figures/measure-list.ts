import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { percentile, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const QUERIES_PER_FILTER = 20;
const WARM_UP_QUERIES = 3;
const FILTERS = [
  '',
  'status=failed',
  'type=domain.drift',
  'jobId=list-7',
  'endpoint_id=ENDPOINT',
  'status=succeeded&type=domain.added',
];

async function p95(system: System, key: string, endpointId: string): Promise<number> {
  const times: number[] = [];
  for (const filter of FILTERS) {
    for (let query = -WARM_UP_QUERIES; query < QUERIES_PER_FILTER; query += 1) {
      const startedAt = performance.now();
      await system.get(`/v1/webhook-deliveries?limit=50&${filter.replace('ENDPOINT', endpointId)}`, key);
      if (query >= 0) times.push(performance.now() - startedAt);
    }
  }
  return percentile(times, 0.95);
}

/** p95 in ms of a page of 50 deliveries under each filter, at each number of rows. */
export async function measureList(system: System, rowCounts: readonly number[]) {
  const { id, key, endpointId, client } = await openTenant(system);
  const results: Record<string, number> = {};
  for (const count of rowCounts) {
    await fillDeliveries(client, id, count);
    results[`at_${count}_rows`] = rounded(await p95(system, key, endpointId), 1);
  }
  await client.end();
  return results;
}
