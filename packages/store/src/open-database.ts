import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { endDrivers, rememberDrivers } from './drivers.ts';
import { PrismaClient } from './generated/client.ts';
import { nameAll, nameKeptPlans, UNNAMED } from './keep-plans.ts';
import { shrunk } from './shrink-client.ts';

/** Waiting for a free connection, or for one to open. */
const CONNECTION_TIMEOUT_MS = 2_000;
/** A statement that the server has not answered by then fails; every HTTP answer comes within 10 s. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** Plans that a connection keeps are made anew at the latest after this, by tables as they are then. */
const CONNECTION_LIFETIME_SECONDS = 300;

/** What every session must be limited to, in ms, by PostgreSQL's names. */
export const SESSION_LIMITS = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: 3_000,
  idle_in_transaction_session_timeout: 2 * STATEMENT_TIMEOUT_MS,
} as const;

/** In Prisma's words: sessions are a pooler's, which takes no settings for them. */
const POOLED = 'pgbouncer';

/** The one handle on PostgreSQL: the Prisma client. Code outside this package passes it on and never looks inside. */
export type Database = PrismaClient;
/** The same inside an interactive transaction. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

const isPooled = (databaseUrl: string): boolean => new URL(databaseUrl).searchParams.get(POOLED) === 'true';

export interface DatabaseOptions {
  /** For one statement; longer only where nobody waits for it. */
  readonly statementTimeoutMs?: number;
  /** Whether nearly all statements are SQL (see {@link shrunk}). */
  readonly writesOut?: boolean;
  /** Of the connections so many are for `askByIds` alone, but behind a pooler. Default: none. */
  readonly connectionsByIds?: number;
}

type PoolOptions = Pick<pg.PoolConfig, 'max' | 'onConnect'> & { readonly statementTimeoutMs: number };

function openPool(databaseUrl: string, { statementTimeoutMs, ...options }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    query_timeout: statementTimeoutMs,
    ...(isPooled(databaseUrl) ? {} : { ...SESSION_LIMITS, statement_timeout: statementTimeoutMs }),
    maxLifetimeSeconds: CONNECTION_LIFETIME_SECONDS,
    keepAlive: true,
    // Closed connections leave timers behind that would hold up the end of a process.
    allowExitOnIdle: true,
    ...options,
  });
  // The pool drops an idle connection that failed by itself; without a listener the process would end.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * For `askByIds`: one plan for whatever ids, and never one that reads a table from end to end because it was small. The pool
 * waits for it, which its type does not say, and listens for what goes wrong meanwhile, as it does not for `verify`.
 */
const planByIds = ((client: pg.ClientBase) =>
  client.query('SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off')) as (
  client: pg.ClientBase,
) => void;

/**
 * Opens a pool of connections; the first query connects.
 *
 * @param databaseUrl with `pgbouncer=true` the sessions' limits are left to the role: see checkSessionLimits
 * @param maxConnections connections that this process holds at the most
 */
export function openDatabase(
  databaseUrl: string,
  maxConnections: number,
  { statementTimeoutMs = STATEMENT_TIMEOUT_MS, writesOut = false, connectionsByIds = 0 }: DatabaseOptions = {},
): Database {
  const isShared = isPooled(databaseUrl);
  const maxByIds = isShared ? 0 : connectionsByIds;
  const pool = openPool(databaseUrl, { max: maxConnections - maxByIds, statementTimeoutMs });
  // The next statement may run on another of a pooler's connections, which knows no plan by that name.
  const nameOf = isShared ? () => UNNAMED : nameKeptPlans();
  const adapter = new PrismaPg(pool, { statementNameGenerator: nameOf, disposeExternalPool: true });
  // Prisma's constructor knows `__internal`, its generated types do not.
  const options: { adapter: PrismaPg } = Object.assign({ adapter }, { __internal: shrunk(writesOut) });
  const database = new PrismaClient(options);
  const byIds =
    maxByIds > 0 ? openPool(databaseUrl, { max: maxByIds, statementTimeoutMs, onConnect: planByIds }) : null;
  rememberDrivers(database, { shared: { pool, nameOf }, byIds: byIds && { pool: byIds, nameOf: nameAll() } });
  return database;
}

/** Resolves when the database answers and was migrated; rejects within the timeouts when it does not. */
export async function pingDatabase(database: Database): Promise<void> {
  await database.$queryRaw`SELECT 1 FROM tenants LIMIT 0`;
}

/** Closes every connection. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.$disconnect();
  await endDrivers(database);
}
