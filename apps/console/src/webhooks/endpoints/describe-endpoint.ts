import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Stats } from '@posthorn/http-api/stats';

const SECONDS_PER_HOUR = 3_600;
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Which types an endpoint wants, in few words. */
export const describeTypes = (events: readonly string[]): string => {
  if (events.length === 0) return 'All types';
  return events.length === 1 ? '1 type' : `${events.length} types`;
};

/** Who disabled an endpoint; `null` while it is enabled. */
export const describeDisabling = ({ status, disabled_by }: Pick<Endpoint, 'status' | 'disabled_by'>): string | null => {
  if (status === 'enabled') return null;
  return disabled_by === 'failures' ? 'Disabled by Posthorn, because of failures' : 'Disabled on request';
};

/** Why an endpoint is disabled, where that says more than who disabled it. */
export const disablingReason = (
  endpoint: Pick<Endpoint, 'status' | 'disabled_by' | 'disabled_reason'>,
): string | null => {
  const { disabled_reason: reason } = endpoint;
  return reason === null || reason === '' || reason === describeDisabling(endpoint) ? null : reason;
};

/** A part of the policy on failures, for example `after 5 h`. */
export const describeAfter = (seconds: number | null): string => {
  if (seconds === null) return 'as the operator has set it';
  return seconds === 0 ? 'never' : `after ${Number((seconds / SECONDS_PER_HOUR).toFixed(2))} h`;
};

export type CertificateState = 'valid' | 'soon' | 'expired';

/** Whether a certificate still holds. @param notAfter RFC 3339 @param now ms since the epoch */
export function certificateState(notAfter: string, now: number): { state: CertificateState; text: string } {
  const left = Date.parse(notAfter) - now;
  if (left <= 0) return { state: 'expired', text: 'Expired' };
  const days = Math.floor(left / DAY_MS);
  const text = days === 0 ? 'Expires today' : `Expires in ${days} ${days === 1 ? 'day' : 'days'}`;
  return { state: days < SOON_DAYS ? 'soon' : 'valid', text };
}

/** Whether an endpoint is one that somebody looks for. */
export const matchesSearch = ({ url, description, id }: Endpoint, search: string): boolean => {
  const wanted = search.trim().toLowerCase();
  return [url, description, id].some((text) => text.toLowerCase().includes(wanted));
};

/** Its figures among those of all; none where it had no attempts. */
export const figuresOf = (stats: Stats | undefined, id: string): Stats['endpoints'][number] | null =>
  stats?.endpoints.find(({ endpoint_id }) => endpoint_id === id) ?? null;
