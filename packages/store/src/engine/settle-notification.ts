import type { Database } from '../open-database.ts';

/** What became of a notification: told, written to the log alone, given up, or to be tried again. */
export type Settlement =
  | { readonly status: 'sent' }
  | { readonly status: 'logged' | 'failed'; readonly error: string }
  | { readonly status: 'pending'; readonly error: string; readonly delayMs: number };

/**
 * Writes what became of one try.
 *
 * @param notification as it was claimed
 * @returns false when its lease had run out and someone else took it
 */
export async function settleNotification(
  database: Database,
  notification: { readonly id: string; readonly tries: number },
  settlement: Settlement,
): Promise<boolean> {
  const { status } = settlement;
  const error = status === 'sent' ? null : settlement.error;
  const delayMs = status === 'pending' ? settlement.delayMs : null;
  const settled = await database.$executeRaw`
    UPDATE notifications
    SET status = ${status}, last_error = ${error},
        due_at = CASE WHEN ${status} = 'pending' THEN now() + ${delayMs}::float8 * interval '1 millisecond' END,
        sent_at = CASE WHEN ${status} = 'sent' THEN now() END
    WHERE id = ${notification.id}::uuid AND status = 'pending' AND tries = ${notification.tries}`;
  return settled === 1;
}
