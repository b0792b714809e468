import { performance } from 'node:perf_hooks';
import { AppError } from '../http/app-error.ts';

/** What one tenant's own schemas may take of the event loop at once, and how fast that comes back. */
const CAPACITY_MS = 500;
const REGAINED_MS_PER_SECOND = 200;
/** What a limited run costs by itself, even on a schema that asks for nothing: the thread that watches it. */
const UNCHARGED_MS = 0.1;
/** Work that lasts longer is charged by the clock on the wall. */
const LONG_MS = 50;
const MAX_TENANTS = 10_000;
const MS_PER_SECOND = 1_000;
const MICROSECONDS_PER_MS = 1_000;

interface Debt {
  readonly ms: number;
  /** When it was that much, on the process's monotonic clock. */
  readonly at: number;
}

const debts = new Map<string, Debt>();

const left = ({ ms, at }: Debt, now: number): number =>
  Math.max(0, ms - ((now - at) / MS_PER_SECOND) * REGAINED_MS_PER_SECOND);

function forgetPaid(now: number): void {
  for (const [tenantId, debt] of debts) if (left(debt, now) === 0) debts.delete(tenantId);
}

function charge(tenantId: string, ms: number, now: number): void {
  const debt = debts.get(tenantId);
  if (debts.size >= MAX_TENANTS) forgetPaid(now);
  debts.set(tenantId, { ms: (debt ? left(debt, now) : 0) + ms, at: now });
}

/**
 * Runs work on a tenant's own schemas and counts its time, so that a schema which is slow slows its own tenant alone.
 *
 * @throws AppError `rate_limited` when the tenant has used up its time
 */
export function meterSchemaTime<Result>(tenantId: string, work: () => Result): Result {
  const debt = debts.get(tenantId);
  const owed = debt ? left(debt, performance.now()) : 0;
  if (owed >= CAPACITY_MS) {
    const seconds = Math.ceil((owed - CAPACITY_MS / 2) / REGAINED_MS_PER_SECOND);
    throw new AppError('rate_limited', {
      detail: `Checking data against this tenant’s own schemas took too long; wait ${seconds} s, and simplify the patterns.`,
      headers: { 'Retry-After': String(seconds) },
    });
  }
  const startedAt = performance.now();
  const before = process.cpuUsage();
  try {
    return work();
  } finally {
    const now = performance.now();
    const { user, system } = process.cpuUsage(before);
    // On a busy machine what passes is mostly other people's time; but what passes for long keeps everybody waiting.
    const passed = now - startedAt;
    const ms = (passed > LONG_MS ? passed : (user + system) / MICROSECONDS_PER_MS) - UNCHARGED_MS;
    if (ms > 0) charge(tenantId, ms, now);
  }
}
