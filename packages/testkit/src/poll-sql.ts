import pg from 'pg';

const KEPT_MS = 1_000;
const CONNECTIONS = 2;

const pools = new Map<string, pg.Pool>();

function poolOf(url: string): pg.Pool {
  const known = pools.get(url);
  if (known) return known;
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    idleTimeoutMillis: KEPT_MS,
    allowExitOnIdle: true,
  });
  // A server that is killed takes its idle connections along; the next question says whether it is back.
  pool.on('error', () => undefined);
  pools.set(url, pool);
  return pool;
}

/**
 * Runs one statement that is asked again and again, past the product. Its connection is kept for a second: a new one costs
 * thirty times what a question does, and a test that waits asks dozens of times a second.
 */
export async function pollSql<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  return (await poolOf(url).query<Row>(text)).rows;
}
