import pg from 'pg';

/** Takes a lock in a transaction that stays open. @param sql the statement that takes it; @returns lets it go */
export async function holdLock(url: string, sql: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(sql);
  return () => client.end();
}
