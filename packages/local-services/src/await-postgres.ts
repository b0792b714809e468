import { Client } from 'pg';
import { POSTGRES_DATABASE } from './postgres-names.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const TRY_EVERY_MS = 25;
const INVALID_PASSWORD = '28P01';
const NO_SUCH_DATABASE = '3D000';

/**
 * Waits until PostgreSQL answers a query at `url`, making the database when the cluster is new. Crash recovery may
 * take its time: `timeoutMs` is the bound. Returns false when `hasExited` says that the server is gone.
 * Throws on a wrong password and when the time is up.
 */
export async function awaitPostgres(url: string, hasExited: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  while (Date.now() < deadline) {
    if (hasExited()) return false;
    try {
      await query(url, 'SELECT 1');
      return true;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === INVALID_PASSWORD) throw wrongPassword();
      if (code === NO_SUCH_DATABASE) await makeDatabase(url);
      last = message;
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
  throw new Error(`PostgreSQL did not answer within ${timeoutMs} ms. Last answer: ${last}`);
}

async function makeDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await query(maintenance.href, `CREATE DATABASE ${POSTGRES_DATABASE}`);
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while it is set up reports twice; the rejection is the one that counts.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function wrongPassword(): Error {
  return new Error(
    'PostgreSQL refuses the password kept in the data folder (postgres-password). Put the right file back, or remove ' +
      'the data folder to start afresh.',
  );
}
