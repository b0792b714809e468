import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { percentile, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const QUERIES_PER_FILTER = 40;
/** Before the first figure: code that is compiled meanwhile would count for the smaller table. */
const WARM_UP_ROUNDS = 30;
const FILTERS = [
  '',
  'status=failed',
  'type=domain.drift',
  'jobId=list-7',
  'endpoint_id=ENDPOINT',
  'status=succeeded&type=domain.added',
];

async function timeQueries(system: System, key: string, endpointId: string, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const filter of FILTERS) {
      const startedAt = performance.now();
      await system.get(`/v1/webhook-deliveries?limit=50&${filter.replace('ENDPOINT', endpointId)}`, key);
      times.push(performance.now() - startedAt);
    }
  }
  return times;
}

/** p95 in ms of a page of 50 deliveries under each filter, at each number of rows, and the last as a ratio to the first. */
export async function measureList(system: System, rowCounts: readonly number[]) {
  const { id, key, endpointId, client } = await openTenant(system);
  const results: Record<string, number> = {};
  const p95s: number[] = [];
  await timeQueries(system, key, endpointId, WARM_UP_ROUNDS);
  for (const count of rowCounts) {
    await fillDeliveries(client, id, count);
    // What filling has left to do would otherwise be done while pages are read.
    await client.query('VACUUM (ANALYZE) deliveries, events');
    await client.query('CHECKPOINT');
    await timeQueries(system, key, endpointId, 1);
    const p95 = percentile(await timeQueries(system, key, endpointId, QUERIES_PER_FILTER), 0.95);
    p95s.push(p95);
    results[`at_${count}_rows`] = rounded(p95, 1);
  }
  await client.end();
  return { ...results, ratio: rounded((p95s.at(-1) ?? Number.NaN) / (p95s[0] ?? Number.NaN), 2) };
}
