import { setTimeout as delay } from 'node:timers/promises';
import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Logger } from '@posthorn/runtime/create-logger';
import type { DueNotification } from '@posthorn/store/engine/claim-notifications';
import type { Settlement } from '@posthorn/store/engine/settle-notification';
import { buildMail } from './build-mail.ts';
import type { MailSender } from './create-mail-sender.ts';
import { decideSettlement, type SendOutcome } from './decide-settlement.ts';

/** Mails under way at once. */
export const MAX_MAILS_AT_ONCE = 5;
/** A mail that went out must be noted, or it goes out again: a database that is away is waited for this long. */
const SETTLE_TRIES = 30;
const SETTLE_WAIT_MS = 1_000;

export interface NotifyDeps {
  readonly claim: (limit: number) => Promise<DueNotification[]>;
  /** `null`: no mail server is set. */
  readonly send: MailSender | null;
  /** @returns false when the notification was someone else's by then */
  readonly settle: (notification: DueNotification, settlement: Settlement) => Promise<boolean>;
  /** Whether the database may do the same thing later. */
  readonly mayRetry: (error: unknown) => boolean;
  readonly count: (status: Settlement['status']) => void;
  readonly log: Logger;
}

async function trySending({ send }: NotifyDeps, notification: DueNotification): Promise<SendOutcome> {
  if (send === null) return { kind: 'unaddressed', reason: 'SMTP_URL is not set' };
  if (notification.email === null) return { kind: 'unaddressed', reason: 'The tenant has no e-mail address' };
  return send(notification.id, notification.email, buildMail(notification));
}

async function settleUntilStored(deps: NotifyDeps, due: DueNotification, settlement: Settlement): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.settle(due, settlement);
    } catch (error) {
      if (!deps.mayRetry(error) || tries === SETTLE_TRIES) throw error;
      await delay(SETTLE_WAIT_MS);
    }
  }
}

function report({ log, count }: NotifyDeps, notification: DueNotification, settlement: Settlement): void {
  const fields = {
    notification: notification.id,
    tenant: encodeTypeId('tenant', notification.tenantId),
    endpoint: encodeTypeId('endpoint', notification.endpointId),
    reason: notification.reason,
    tries: notification.tries,
  };
  count(settlement.status);
  switch (settlement.status) {
    case 'sent':
      return log.info('mail sent', fields);
    case 'logged':
      return log.warn(`${notification.kind.replace('-', ' ')}, nobody was mailed`, {
        ...fields,
        why: settlement.error,
      });
    case 'failed':
      return log.error('mail given up', { ...fields, error: settlement.error });
    case 'pending':
      return log.warn('mail failed', { ...fields, error: settlement.error, retry_in_ms: settlement.delayMs });
  }
}

async function notifyOne(deps: NotifyDeps, notification: DueNotification): Promise<void> {
  const outcome = await trySending(deps, notification);
  const settlement = decideSettlement(outcome, notification);
  if (await settleUntilStored(deps, notification, settlement)) report(deps, notification, settlement);
}

/**
 * Sends what is due, as much as may be under way at once.
 *
 * @returns how many notifications it took
 */
export async function notifyDue(deps: NotifyDeps): Promise<number> {
  const due = await deps.claim(MAX_MAILS_AT_ONCE);
  await Promise.all(due.map((notification) => notifyOne(deps, notification)));
  return due.length;
}
