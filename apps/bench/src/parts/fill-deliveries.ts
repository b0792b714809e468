import type pg from 'pg';

/** Rows in one statement. */
const CHUNK_ROWS = 500_000;

/**
 * Adds deliveries until the tenant has `rows`, past the API: most are finished, one in fifty waits for its retry of
 * tomorrow, and of the type `domain.drift` none failed. The tenant must have an endpoint and an event.
 */
export async function fillDeliveries(client: pg.Client, tenant: string, rows: number): Promise<void> {
  const count = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM deliveries WHERE tenant_id = $1', [
    tenant,
  ]);
  for (let from = count.rows[0]?.n ?? 0; from < rows; from += CHUNK_ROWS) {
    await client.query(
      `WITH endpoint AS (SELECT id, tenant_id FROM endpoints WHERE tenant_id = $1 LIMIT 1),
            first AS (SELECT id FROM events WHERE tenant_id = $1 LIMIT 1)
       INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempts, attempt_limit,
                               created_at, completed_at, due_at)
       SELECT uuid_v7_at(at), e.tenant_id, e.id, f.id,
              (ARRAY['domain.added', 'domain.verified', 'domain.drift'])[1 + n % 3], 'list-' || n % 1000,
              CASE WHEN n % 50 = 0 AND n % 3 < 2 THEN 'failed' WHEN n % 50 = 1 THEN 'retrying' ELSE 'succeeded' END, 1, 6, at,
              CASE WHEN n % 50 <> 1 THEN at END, CASE WHEN n % 50 = 1 THEN now() + interval '1 day' END
       FROM endpoint e, first f, generate_series($2::int + 1, $3::int) n,
            LATERAL (SELECT now() - n * interval '1 second' AS at) t`,
      [tenant, from, Math.min(rows, from + CHUNK_ROWS)],
    );
  }
  await client.query('VACUUM ANALYZE deliveries');
}
