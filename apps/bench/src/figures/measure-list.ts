import type { Numbers } from '../figure.ts';
import { type Draw, shuffled } from '../parts/create-draw.ts';
import { fillDeliveries } from '../parts/fill-deliveries.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { percentile, ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { takeInTurn } from '../parts/take-in-turn.ts';

/** In a round. */
const QUERIES_PER_FILTER = 50;
/** Before the first figure, so that no code is compiled meanwhile. */
const WARM_UP_ROUNDS = 30;
const FILTERS = [
  '',
  'status=failed',
  'type=domain.drift',
  'jobId=list-7',
  'endpoint_id=ENDPOINT',
  'status=succeeded&type=domain.added',
  // There is none, though there are many of either.
  'status=failed&type=domain.drift',
];

/** A system with so many deliveries, and how long its pages take. */
interface Filled {
  /** @returns ms of each query, so many of each filter, in an order that is drawn */
  timeQueries(queriesPerFilter: number): Promise<number[]>;
  stop(): Promise<void>;
}

async function openFilled(beside: System, draw: Draw, rows: number): Promise<Filled> {
  const { id, key, endpointId, client } = await openTenant(beside);
  await fillDeliveries(client, id, rows);
  // What filling has left to do would otherwise be done while pages are read.
  await client.query('VACUUM (ANALYZE) deliveries, events');
  await client.query('CHECKPOINT');
  const paths = FILTERS.map((filter) => `/v1/webhook-deliveries?limit=50&${filter.replace('ENDPOINT', endpointId)}`);
  return {
    async timeQueries(queriesPerFilter) {
      const times: number[] = [];
      for (let query = 0; query < queriesPerFilter; query += 1) {
        for (const path of shuffled(draw, paths)) {
          const startedAt = performance.now();
          await beside.get(path, key);
          times.push(performance.now() - startedAt);
        }
      }
      return times;
    },
    async stop() {
      await client.end();
      await beside.stop();
    },
  };
}

/**
 * p95 in ms of a page of 50 deliveries under each filter, at each number of rows, and the last as a ratio to the first. Each
 * has a database and an API of its own, so that they take turns.
 */
export async function measureList(system: System, draw: Draw, rowCounts: readonly number[], rounds: number) {
  const opened: Filled[] = [];
  for (const rows of rowCounts) opened.push(await openFilled(await system.startBeside(), draw, rows));
  for (const { timeQueries } of opened) await timeQueries(WARM_UP_ROUNDS);
  const measures = opened.map(
    ({ timeQueries }) =>
      async () =>
        percentile(await timeQueries(QUERIES_PER_FILTER), 0.95),
  );
  const p95s = await takeInTurn(draw, rounds, measures);
  for (const { stop } of opened) await stop();
  const results = rowCounts.map((rows, index) => spread(`at_${rows}_rows`, p95s[index] ?? [], 1));
  return Object.assign({}, ...results, spread('ratio', ratios(p95s.at(-1) ?? [], p95s[0] ?? []), 2)) as Numbers;
}
