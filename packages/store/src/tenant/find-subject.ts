import type { TenantDatabase } from './scope-to-tenant.ts';

/** Where a subject stands, or `null` when it has made no transition. */
export const findSubject = (
  database: TenantDatabase,
  lifecycle: string,
  subject: string,
): Promise<{ state: string; version: number } | null> =>
  database.lifecycleSubject.findFirst({ where: { lifecycle, subject }, select: { state: true, version: true } });
