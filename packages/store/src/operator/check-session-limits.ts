import { type Database, SESSION_LIMITS } from '../open-database.ts';

/** Sessions have no limits, or a pooler does not let them be set: what hangs there would hold its locks for ever. */
export class NoSessionLimitsError extends Error {
  override readonly name = 'NoSessionLimitsError';
}

/** PgBouncer has one code for everything that it refuses. */
const REFUSED = /unsupported startup parameter/;

const cure = (): string =>
  Object.entries(SESSION_LIMITS)
    .map(([name, limitMs]) => `ALTER ROLE CURRENT_USER SET ${name} = '${limitMs}ms';`)
    .join(' ');

/**
 * Finds out at start whether PostgreSQL ends statements and transactions that hang. Without a pooler each connection says so
 * for itself; behind one the role must have the limits.
 *
 * @returns `unchecked` when the database cannot be asked now
 * @throws NoSessionLimitsError that says what to do
 */
export async function checkSessionLimits(database: Database): Promise<'known' | 'unchecked'> {
  let missing: { name: string }[];
  try {
    missing = await database.$queryRaw<{ name: string }[]>`
      SELECT name FROM pg_settings WHERE name = ANY(${Object.keys(SESSION_LIMITS)}) AND setting = '0' ORDER BY name`;
  } catch (error) {
    if (!REFUSED.test(String(error))) return 'unchecked';
    throw new NoSessionLimitsError('DATABASE_URL leads to a PgBouncer: add pgbouncer=true to its query.', {
      cause: error,
    });
  }
  if (missing.length === 0) return 'known';
  const names = missing.map(({ name }) => name).join(', ');
  throw new NoSessionLimitsError(
    `The database's sessions come from a pooler and have no ${names}. As that role: ${cure()} Then let the pooler ` +
      'connect anew (PgBouncer: RECONNECT).',
  );
}
