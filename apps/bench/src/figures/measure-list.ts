import pg from 'pg';
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

/** Adds finished deliveries until the tenant has `rows`, past the API: only the list is measured. */
async function fill(client: pg.Client, tenant: string, rows: number): Promise<void> {
  await client.query(
    `WITH endpoint AS (SELECT id, tenant_id FROM endpoints WHERE tenant_id = $1 LIMIT 1),
          first AS (SELECT id FROM events WHERE tenant_id = $1 LIMIT 1)
     INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempts, attempt_limit,
                             created_at, completed_at)
     SELECT uuid_v7_at(at), e.tenant_id, e.id, f.id,
            (ARRAY['domain.added', 'domain.verified', 'domain.drift'])[1 + n % 3], 'list-' || n % 1000,
            CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END, 1, 6, at, at
     FROM endpoint e, first f, generate_series(1, $2 - (SELECT count(*) FROM deliveries WHERE tenant_id = $1)) n,
          LATERAL (SELECT now() - n * interval '1 second' AS at) t`,
    [tenant, rows],
  );
  await client.query('VACUUM ANALYZE deliveries');
}

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
  const key = await system.tenant();
  const endpoint = await system.post<{ id: string }>('/v1/webhook-endpoints', key, {
    url: `${system.receiver.url}/ok`,
    events: [],
  });
  await system.post('/v1/events', key, { type: 'domain.verified', jobId: 'list', data: { hostname: 'a.example' } });
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('SELECT id FROM tenants ORDER BY id DESC LIMIT 1');
  const results: Record<string, number> = {};
  for (const count of rowCounts) {
    await fill(client, rows[0]?.id ?? '', count);
    results[`at_${count}_rows`] = rounded(await p95(system, key, endpoint.id), 1);
  }
  await client.end();
  return results;
}
