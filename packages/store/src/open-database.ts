import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

/** Waiting for a free connection, or for one to open. */
const CONNECTION_TIMEOUT_MS = 2_000;
/** A statement that the server has not answered by then fails; every HTTP answer comes within 10 s. */
const STATEMENT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 3_000;

/** The one handle on PostgreSQL: the Prisma client. Code outside this package passes it on and never looks inside. */
export type Database = PrismaClient;
/** The same inside an interactive transaction. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/**
 * Opens a pool of connections; the first query connects.
 *
 * @param maxConnections connections that this process holds at the most
 */
export function openDatabase(databaseUrl: string, maxConnections: number): Database {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: maxConnections,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 2 * STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    // Closed connections leave timers behind that would hold up the end of a process.
    allowExitOnIdle: true,
  });
  return new PrismaClient({ adapter });
}

/** Resolves when the database answers; rejects within the timeouts when it does not. */
export async function pingDatabase(database: Database): Promise<void> {
  await database.$queryRaw`SELECT 1`;
}

/** Closes every connection. */
export const closeDatabase = (database: Database): Promise<void> => database.$disconnect();
