import type { Numbers } from '../figure.ts';
import type { Draw } from '../parts/create-draw.ts';
import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { percentile, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { takeInTurn } from '../parts/take-in-turn.ts';

const QUERIES = 50;
const WARM_UP_QUERIES = 5;

/** p95 in ms of a tenant's ledger and of the operator's of all tenants, at each number of deliveries. */
export async function measureLedger(system: System, draw: Draw, rowCounts: readonly number[], rounds: number) {
  const { id, key, client } = await openTenant(system);
  const p95 = async (bearer: string): Promise<number> => {
    const times: number[] = [];
    for (let query = -WARM_UP_QUERIES; query < QUERIES; query += 1) {
      const startedAt = performance.now();
      await system.get('/v1/ledger', bearer);
      if (query >= 0) times.push(performance.now() - startedAt);
    }
    return percentile(times, 0.95);
  };
  const results: Numbers[] = [];
  for (const count of rowCounts) {
    await fillDeliveries(client, id, count);
    const measures = [key, system.operatorKey].map((bearer) => () => p95(bearer));
    const [ofTenant = [], ofAll = []] = await takeInTurn(draw, rounds, measures);
    results.push(spread(`tenant_at_${count}_rows`, ofTenant, 1), spread(`all_at_${count}_rows`, ofAll, 1));
  }
  await client.end();
  return Object.assign({}, ...results) as Numbers;
}
