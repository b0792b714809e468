import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type OpenTenant, openTenant } from '../parts/open-tenant.ts';
import { rounded, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const ROUNDS = 5;
/** The API gives an answer again for so long. */
const KEPT_MS = 10_100;
const POLL_MS = 200;
const SUMMED_WITHIN_MS = 300_000;
/** A little less than the longest range. */
const SPAN = `interval '6 days 12 hours'`;

/** Deliveries of the last week with an attempt each, past the API and as if none had been summed. */
async function fillWeek({ id, client }: OpenTenant, rows: number): Promise<void> {
  await client.query('TRUNCATE attempts, delivery_sums, attempt_sums, delivery_sum_changes, attempt_sum_changes');
  await client.query('DELETE FROM deliveries');
  await client.query('DELETE FROM sum_progress');
  await client.query('INSERT INTO sum_progress DEFAULT VALUES');
  await client.query(
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempts, attempt_limit, created_at, completed_at)
     SELECT uuid_v7_at(at), $1, e.id, f.id, 'domain.added', CASE n % 50 WHEN 0 THEN 'failed' ELSE 'succeeded' END, 1, 6, at, at
     FROM (SELECT id FROM endpoints WHERE tenant_id = $1 LIMIT 1) e, (SELECT id FROM events WHERE tenant_id = $1 LIMIT 1) f,
          generate_series(1, $2::int) n, LATERAL (SELECT now() - n * ${SPAN} / $2::int AS at) t`,
    [id, rows],
  );
  await client.query(
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status)
     SELECT id, 1, gen_random_uuid(), tenant_id, endpoint_id, created_at, abs(hashtext(id::text)) % 900,
            CASE status WHEN 'failed' THEN 'rejected' ELSE 'succeeded' END, CASE status WHEN 'failed' THEN 500 ELSE 200 END
     FROM deliveries WHERE tenant_id = $1`,
    [id],
  );
  await client.query('VACUUM (ANALYZE) attempts, deliveries');
}

async function waitUntilSummed(client: pg.Client): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < SUMMED_WITHIN_MS) {
    const { rows } = await client.query<{ done: boolean }>(
      `SELECT summed_before > now() - interval '5 minutes' AS done FROM sum_progress`,
    );
    if (rows[0]?.done) return performance.now() - startedAt;
    await delay(POLL_MS);
  }
  throw new Error('The dispatcher did not sum the statistics in time');
}

/** How long statistics take that nobody has asked for within the last seconds, for each range. */
async function timeRanges(system: System, key: string, what: string): Promise<Record<string, number>> {
  const times: Record<string, number[]> = { '1h': [], '24h': [], '7d': [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [range, own] of Object.entries(times)) {
      const startedAt = performance.now();
      await system.get(`/v1/stats?range=${range}`, key);
      own.push(performance.now() - startedAt);
    }
    await delay(KEPT_MS);
  }
  const spreads = Object.entries(times).map(([range, own]) => spread(`${range}_${what}`, own, 1));
  return Object.assign({}, ...spreads) as Record<string, number>;
}

/** Milliseconds of the statistics of each range, counted from rows and from sums, and how long summing took, at each number of attempts. */
export async function measureStats(system: System, rowCounts: readonly number[]) {
  const tenant = await openTenant(system);
  const results: Record<string, number> = {};
  for (const rows of rowCounts) {
    await fillWeek(tenant, rows);
    Object.assign(results, await timeRanges(system, tenant.key, `of_${rows}_rows`));
    const dispatcher = await system.startDispatcher();
    results[`summing_${rows}_rows`] = rounded(await waitUntilSummed(tenant.client), 0);
    Object.assign(results, await timeRanges(system, tenant.key, `of_${rows}_summed`));
    await dispatcher.stop();
  }
  await tenant.client.end();
  return results;
}
