import type { TenantDatabase } from './scope-to-tenant.ts';

/** What the API shows of an endpoint; never a secret. */
export const endpointColumns = {
  id: true,
  url: true,
  events: true,
  description: true,
  headersSealed: true,
  rateLimit: true,
  status: true,
  disabledReason: true,
  disabledBy: true,
  warnAfterSeconds: true,
  disableAfterSeconds: true,
  orderingSkipAfter: true,
  health: { select: { consecutiveFailures: true, firstFailureAt: true, lastFailureAt: true, lastSuccessAt: true } },
  publicKey: true,
  nextPublicKey: true,
  overlapEndsAt: true,
  caSummary: true,
  clientSummary: true,
  createdAt: true,
} as const;

/** One endpoint that is not deleted, or `null`. */
export const findEndpoint = (database: Pick<TenantDatabase, 'endpoint'>, id: string) =>
  database.endpoint.findFirst({ where: { id, deletedAt: null }, select: endpointColumns });

export type EndpointRow = NonNullable<Awaited<ReturnType<typeof findEndpoint>>>;
