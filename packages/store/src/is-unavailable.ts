import { Prisma } from './generated/client.ts';

/** SQLSTATE classes and codes that say "the server", not "the query": connection, resources, shutdown, timeouts. */
const SQLSTATE = /^(08|53|57P|58|57014|55P03|25006)/;
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']);
/**
 * Prisma: cannot reach, timed out reaching, database gone, connection closed, pool timeout, transaction not obtained, too many
 * connections.
 */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1003', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
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

function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, originalCode, kind, cause, meta } = error as Record<string, unknown>;
  const own = [code, originalCode, kind].filter((value) => typeof value === 'string');
  const adapter = (meta as Record<string, unknown> | undefined)?.['driverAdapterError'];
  return [...own, ...(cause === error ? [] : codesOf(cause)), ...codesOf(adapter)];
}

function saysSo(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { message, cause, meta } = error as Record<string, unknown>;
  const adapter = (meta as Record<string, unknown> | undefined)?.['driverAdapterError'];
  return PLAIN.test(String(message)) || (cause !== error && saysSo(cause)) || saysSo(adapter);
}

/** Whether an error means that the database cannot be reached or cannot work now; the same call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  const codes = codesOf(error);
  const sets = [SOCKET_CODES, PRISMA_CODES, ADAPTER_KINDS];
  const told = codes.some((code) => SQLSTATE.test(code) || sets.some((set) => set.has(code)));
  return told || saysSo(error);
}

/** Whether a row that somebody else holds did not get free in time. */
export const isLockTimeout = (error: unknown): boolean => codesOf(error).includes('55P03');

/** Whether PostgreSQL gave up a transaction that can simply be run again: a deadlock or a serialization failure. */
export function isRetryable(error: unknown): boolean {
  return codesOf(error).some(
    (code) => code === '40P01' || code === '40001' || code === 'P2034' || code === 'TransactionWriteConflict',
  );
}

/** Whether a unique constraint refused the row. */
export function isDuplicate(error: unknown): boolean {
  return codesOf(error).some((code) => code === '23505' || code === 'P2002' || code === 'UniqueConstraintViolation');
}
