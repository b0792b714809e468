import pg from 'pg';
import { holdMigrationLock } from './hold-migration-lock.ts';
import { openSchemaEngine } from './open-schema-engine.ts';
import { readMigrations } from './read-migrations.ts';

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

async function applyMigrations(databaseUrl: string): Promise<string[]> {
  const { engine, close } = await openSchemaEngine(databaseUrl);
  try {
    const input = { migrationsList: await readMigrations(), filters: { externalTables: [], externalEnums: [] } };
    return (await engine.applyMigrations(input)).appliedMigrationNames;
  } finally {
    await close();
  }
}

/**
 * Brings the database up to the newest migration. Safe to run again, by several at once, and through a pooler that has two
 * connections for it.
 *
 * @returns the names of the migrations that this call applied
 * @throws when the server cannot be reached, is too old, or a migration fails (it then stays recorded as failed)
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await refuseOldServer(client);
    return await holdMigrationLock(client, () => applyMigrations(databaseUrl));
  } finally {
    await client.end();
  }
}
