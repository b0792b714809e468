import { AppError } from './app-error.ts';

/** A refusal of the code `QuotaExceeded`. @param upgradeUrl where the tenant gets more, if that is set */
export const quotaExceeded = (detail: string, upgradeUrl: string | null): AppError =>
  new AppError('QuotaExceeded', { detail, ...(upgradeUrl !== null && { members: { upgrade_url: upgradeUrl } }) });

/** What a tenant is told whose events of this month are used up. */
export const noEventsLeft = (upgradeUrl: string | null): AppError =>
  quotaExceeded(
    'This needs more events than are left of this month’s; GET /v1/usage says how many, and when the next month begins.',
    upgradeUrl,
  );
