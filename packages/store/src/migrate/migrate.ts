import pg from 'pg';
import { openSchemaEngine } from './open-schema-engine.ts';
import { readMigrations } from './read-migrations.ts';

/** Any number that nothing else locks; two migrations at once take turns. */
const MIGRATION_LOCK = 7_067_845;
const CONNECT_TIMEOUT_MS = 10_000;
/** Oldest PostgreSQL that has what the migrations use. */
const OLDEST_SERVER_VERSION = 140_000;

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < OLDEST_SERVER_VERSION) {
    throw new Error(`PostgreSQL 14 or newer is needed; this server reports version number ${version}`);
  }
}

/**
 * Brings the database up to the newest migration. Safe to run again, and by several at once.
 *
 * @returns the names of the migrations that this call applied
 * @throws when the server cannot be reached, is too old, or a migration fails (it then stays recorded as failed)
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await refuseOldServer(client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const { engine, close } = await openSchemaEngine(databaseUrl);
    try {
      const input = { migrationsList: await readMigrations(), filters: { externalTables: [], externalEnums: [] } };
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    } finally {
      await close();
    }
  } finally {
    await client.end();
  }
}
