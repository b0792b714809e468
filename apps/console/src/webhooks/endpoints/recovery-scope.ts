import type { Recovery } from '@posthorn/http-api/recovery';
import type { RecoveryScope } from '../../api/endpoints.ts';

const HOUR_MS = 3_600_000;

/** How far back a recovery may go, as it is offered. */
export const recoverySpans = [
  { value: '1h', label: 'The last hour', ms: HOUR_MS },
  { value: '24h', label: 'The last 24 hours', ms: 24 * HOUR_MS },
  { value: '7d', label: 'The last 7 days', ms: 168 * HOUR_MS },
  { value: 'custom', label: 'Since a moment', ms: null },
] as const;
export type RecoverySpan = (typeof recoverySpans)[number]['value'];

/** What can be recovered, and what it means. */
export const recoverable = [
  { status: 'failed', label: 'failed', description: 'Every attempt was used up.' },
  { status: 'cancelled', label: 'cancelled', description: 'Stopped, for example when the endpoint was disabled.' },
  { status: 'skipped', label: 'skipped', description: 'The endpoint was disabled when the event came.' },
  { status: 'succeeded', label: 'succeeded', description: 'Arrived: the receiver gets it once more.' },
] as const satisfies readonly { status: Recovery['statuses'][number]; label: string; description: string }[];

/** What a person chose of a recovery. */
export interface RecoveryChoice {
  readonly span: RecoverySpan;
  /** Of a field for date and time, in the zone of the browser; counts with the span `custom` alone. */
  readonly moment: string;
  readonly statuses: Recovery['statuses'];
}

export const usualChoice: RecoveryChoice = { span: '24h', moment: '', statuses: ['failed', 'cancelled', 'skipped'] };

/**
 * The choice as the API takes it; `null` while something is missing.
 *
 * @param openedAt ms since the epoch; a fixed moment, so that what is replayed begins where counting began
 */
export function scopeOf({ span, moment, statuses }: RecoveryChoice, openedAt: number): RecoveryScope | null {
  if (statuses.length === 0) return null;
  const ms = recoverySpans.find(({ value }) => value === span)?.ms ?? null;
  const since = ms === null ? Date.parse(moment) : openedAt - ms;
  return Number.isNaN(since) ? null : { since: new Date(since).toISOString(), statuses };
}

/** How much of a recovery is done, in percent. */
export const progressOf = ({
  matched,
  replayed,
  status,
}: Pick<Recovery, 'matched' | 'replayed' | 'status'>): number => {
  if (status === 'done' || matched === 0) return 100;
  return Math.min(100, Math.floor((replayed / matched) * 100));
};
