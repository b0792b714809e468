import { claimNotifications } from '@posthorn/store/engine/claim-notifications';
import { settleNotification } from '@posthorn/store/engine/settle-notification';
import type { DispatcherDeps } from '../deps.ts';
import { type Rounds, runRounds } from '../reconcile/run-rounds.ts';
import { createMailSender, type MailSettings } from './create-mail-sender.ts';
import { MAX_MAILS_AT_ONCE, type NotifyDeps, notifyDue } from './notify-due.ts';

const ROUND_MS = 1_000;
const SEND_TIMEOUT_MS = 30_000;
const AFTER_ERROR_MS = 3_000;
/** Longer than a mail and its note may take; what a dead dispatcher had taken goes out again after it. */
const LEASE_MS = 120_000;

/** Mails what is due for as long as the dispatcher runs; without mail settings it is written to the log. */
export function startNotifier(deps: DispatcherDeps, mail: Omit<MailSettings, 'timeoutMs'> | null): Rounds {
  const { database, metrics, log, mayRetry, interrupt } = deps;
  const notifyDeps: NotifyDeps = {
    claim: (limit) => claimNotifications(database, limit, LEASE_MS),
    send: mail && createMailSender({ ...mail, timeoutMs: SEND_TIMEOUT_MS }, interrupt.signal),
    settle: (notification, settlement) => settleNotification(database, notification, settlement),
    mayRetry,
    count: (status) => metrics.notifications.inc({ status }),
    log,
  };
  const round = async (): Promise<number> => ((await notifyDue(notifyDeps)) === MAX_MAILS_AT_ONCE ? 0 : ROUND_MS);
  return runRounds(round, AFTER_ERROR_MS, deps.logError('notifier'));
}
