import type { Delivery } from '@posthorn/http-api/delivery';
import type { StatsRange } from '@posthorn/http-api/stats';

const ranges: Readonly<Record<StatsRange, string>> = {
  '1h': 'within the last hour',
  '24h': 'within the last 24 hours',
  '7d': 'within the last 7 days',
};

/** Why the last attempt failed, where the deliveries at hand still say it. @param deliveries newest first */
export const failureReason = (
  deliveries: readonly Pick<Delivery, 'status' | 'last_error'>[] | undefined,
): string | null =>
  // A delivery that was cancelled or skipped says why that was, not how an attempt ended.
  deliveries?.find(({ status, last_error }) => (status === 'failed' || status === 'retrying') && last_error !== null)
    ?.last_error ?? null;

/**
 * When an attempt last ended so, where its health does not say the moment (yet).
 *
 * @param counted how many did in the range; undefined while that is not known
 */
export const describeLast = (counted: number | undefined, range: StatsRange): string =>
  counted !== undefined && counted > 0 ? ranges[range] : 'none';
