import { Prisma } from './generated/client.ts';

/** Nobody gets in: the user, the password, or the database of the URL is not the server's. */
const REFUSED = /^(28|3D)/;
/** The same of Prisma and its driver adapter. */
const REFUSED_NAMES = new Set([
  'P1000',
  'P1003',
  'P1010',
  'AuthenticationFailed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
]);
/** SQLSTATE classes and codes that say "the server", not "the query": connection, resources, shutdown, timeouts. */
const SQLSTATE = /^(08|53|57P|58|57014|55P03|25006)/;
/** What an existing table's absence is called: by PostgreSQL, and by Prisma. */
const NO_TABLE = new Set(['42P01', 'P2021', 'TableDoesNotExist']);
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']);
/**
 * Prisma: cannot reach, timed out reaching, connection closed, pool timeout, transaction not obtained, too many
 * connections.
 */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
/** What Prisma's driver adapter calls it, of a raw query the only word on it. */
const ADAPTER_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
]);
/** pg raises these without any code. */
const PLAIN = /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered/;

/** What took too long in a database that answers: PostgreSQL's limit for a statement, pg's, Prisma's for a transaction. */
const OVERDUE_CODES = new Set(['57014', 'SocketTimeout', 'P1008', 'P2028']);
const OVERDUE = /Query read timeout/;
/** Of the same code as a transaction that took too long, but this one found no connection. */
const NOT_BEGUN = /Unable to start a transaction/;

function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, originalCode, kind, cause, meta } = error as Record<string, unknown>;
  const own = [code, originalCode, kind].filter((value) => typeof value === 'string');
  const adapter = (meta as Record<string, unknown> | undefined)?.['driverAdapterError'];
  return [...own, ...(cause === error ? [] : codesOf(cause)), ...codesOf(adapter)];
}

function saysSo(error: unknown, words: RegExp): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { message, cause, meta } = error as Record<string, unknown>;
  const adapter = (meta as Record<string, unknown> | undefined)?.['driverAdapterError'];
  return words.test(String(message)) || (cause !== error && saysSo(cause, words)) || saysSo(adapter, words);
}

const isRefused = (error: unknown): boolean =>
  codesOf(error).some((code) => REFUSED.test(code) || REFUSED_NAMES.has(code));

/** Whether an error means that the database cannot be reached or cannot work now; the same call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError || isRefused(error)) return true;
  const codes = codesOf(error);
  const sets = [SOCKET_CODES, PRISMA_CODES, ADAPTER_KINDS];
  const told = codes.some((code) => SQLSTATE.test(code) || sets.some((set) => set.has(code)));
  return told || saysSo(error, PLAIN);
}

/** Why the database could not be asked, in words for an operator who may have to do something about it. */
export function explainFault(error: unknown): string {
  if (isRefused(error)) return 'the server refuses the user, the password or the database of DATABASE_URL';
  if (isUnavailable(error)) return 'the database is away';
  if (codesOf(error).some((code) => NO_TABLE.has(code))) return 'the database was never migrated (npm run db:migrate)';
  return error instanceof Error ? error.message : String(error);
}

/** Whether a row that somebody else holds did not get free in time. */
export const isLockTimeout = (error: unknown): boolean => codesOf(error).includes('55P03');

/** Whether what was asked took longer than it may; something else may be answered at once. */
export const isOverdue = (error: unknown): boolean =>
  !saysSo(error, NOT_BEGUN) && (saysSo(error, OVERDUE) || codesOf(error).some((code) => OVERDUE_CODES.has(code)));

/** Whether PostgreSQL gave up a transaction that can simply be run again: a deadlock or a serialization failure. */
export function isRetryable(error: unknown): boolean {
  return codesOf(error).some(
    (code) => code === '40P01' || code === '40001' || code === 'P2034' || code === 'TransactionWriteConflict',
  );
}

/** Whether a statement was to write more rows than it may (`refuse_beyond` in the migration); nothing was written. */
export const isBeyond = (error: unknown): boolean => codesOf(error).includes('PH001');

/** Whether a unique constraint refused the row. */
export function isDuplicate(error: unknown): boolean {
  return codesOf(error).some((code) => code === '23505' || code === 'P2002' || code === 'UniqueConstraintViolation');
}
