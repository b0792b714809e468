import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Stats, StatsRange } from '@posthorn/http-api/stats';

const ranges: Readonly<Record<StatsRange, string>> = {
  '1h': 'within the last hour',
  '24h': 'within the last 24 hours',
  '7d': 'within the last 7 days',
};

type Ends = Pick<Endpoint['health'], 'last_failure_at' | 'last_success_at'>;

/** Whether attempts have ended that the figures do not count yet: they are kept for some seconds longer than the health. */
export const isBehind = (stats: Pick<Stats, 'to'> | undefined, { last_failure_at, last_success_at }: Ends): boolean =>
  stats !== undefined &&
  [last_failure_at, last_success_at].some((at) => at !== null && Date.parse(at) > Date.parse(stats.to));

/** Of what time the figures are, for example `Attempts in 24 h`. */
export const describeAttempts = (range: StatsRange): string => `Attempts in ${range.replace(/(?=[hd])/, ' ')}`;

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
