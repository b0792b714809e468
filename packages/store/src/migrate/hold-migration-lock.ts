import type pg from 'pg';

/** Prisma's own number, so that `prisma migrate deploy` takes turns with this, too. */
const MIGRATION_LOCK = 72_707_369;
/** What Prisma's engine asks for. A lock of the session would stay behind on a pooler's connection, for ever. */
const SESSION_LOCK = `SELECT pg_advisory_lock(${MIGRATION_LOCK})`;

/** A migration may take its time, whatever the role's sessions are allowed; up to the transaction's end. */
export const LIFT_LIMITS =
  'SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;';

/** Whether a statement of the engine asks for the lock that {@link holdMigrationLock} holds already. */
export const isSessionLock = (sql: string): boolean => sql === SESSION_LOCK;

/**
 * Waits until no other migration is under way, and runs `work` alone. The lock is a transaction's, so that it ends with it
 * behind a pooler as well.
 *
 * @param client does nothing else meanwhile
 */
export async function holdMigrationLock<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query(`BEGIN; ${LIFT_LIMITS}`);
  await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  const result = await work();
  await client.query('COMMIT');
  return result;
}
