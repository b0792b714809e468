import type { TenantDatabase } from './scope-to-tenant.ts';

/** What the API shows of a recovery. */
const recoveryColumns = {
  id: true,
  endpointId: true,
  since: true,
  until: true,
  statuses: true,
  status: true,
  matched: true,
  replayed: true,
  createdAt: true,
  finishedAt: true,
} as const;

/** One recovery, or `null`. */
export const findRecovery = (database: TenantDatabase, id: string) =>
  database.recovery.findFirst({ where: { id }, select: recoveryColumns });

export type RecoveryRow = NonNullable<Awaited<ReturnType<typeof findRecovery>>>;
