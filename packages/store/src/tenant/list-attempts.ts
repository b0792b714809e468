import type { TenantDatabase } from './scope-to-tenant.ts';

export const attemptColumns = {
  id: true,
  number: true,
  startedAt: true,
  durationMs: true,
  outcome: true,
  responseStatus: true,
  responseHeaders: true,
  responseBody: true,
  error: true,
  requestHeaders: true,
} as const;

const findRow = (database: TenantDatabase) => database.attempt.findFirst({ select: attemptColumns });
export type AttemptRow = NonNullable<Awaited<ReturnType<typeof findRow>>>;

/** Which page of a delivery's attempts, newest first. */
export interface AttemptPageRequest {
  readonly limit: number;
  /** Only attempts with a smaller number; `null` for the first page. */
  readonly before: number | null;
}

/**
 * A page of a delivery's attempts, newest first.
 *
 * @returns `null` when there is no such delivery; `last` stands before the next page
 */
export async function listAttempts(database: TenantDatabase, deliveryId: string, page: AttemptPageRequest) {
  const delivery = await database.delivery.findFirst({ where: { id: deliveryId }, select: { id: true } });
  if (!delivery) return null;
  const found = await database.attempt.findMany({
    where: { deliveryId, ...(page.before !== null && { number: { lt: page.before } }) },
    select: attemptColumns,
    orderBy: { number: 'desc' },
    take: page.limit + 1,
  });
  const rows = found.slice(0, page.limit);
  return { rows, last: found.length > page.limit ? (rows.at(-1)?.number ?? null) : null };
}
