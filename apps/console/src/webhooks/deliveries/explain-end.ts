import type { Delivery } from '@posthorn/http-api/delivery';

/** How a delivery ended, in a sentence; null while it is open. */
export function explainEnd({
  status,
  attempts,
  last_error,
}: Pick<Delivery, 'status' | 'attempts' | 'last_error'>): string | null {
  switch (status) {
    case 'pending':
    case 'retrying':
      return null;
    case 'succeeded':
      return attempts === 1 ? 'Succeeded at the first attempt.' : `Succeeded after ${attempts} attempts.`;
    case 'failed':
      return `Failed after ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}. No further one is made; replay it once the receiver is fixed.`;
    case 'cancelled':
      return `Cancelled: no further attempt is made. ${last_error ?? 'Cancelled on request'}.`;
    case 'skipped':
      return `Never sent. ${last_error ?? 'The endpoint was disabled when the event came'}.`;
  }
}
