import type { Profile } from '@posthorn/http-api/profile';

const SECONDS = { d: 86_400, h: 3_600, min: 60, s: 1 } as const;

/** A wait of a schedule, exact to a second: `5 s`, `1 min`, `1 d 3 h`. */
export function formatWait(minutes: number): string {
  let left = Math.round(minutes * 60);
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(SECONDS)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** One attempt of a schedule; times are in minutes, without jitter. */
export interface ScheduledAttempt {
  readonly number: number;
  /** From the attempt before it; `null` for the first. */
  readonly waitMinutes: number | null;
  /** From the first attempt. */
  readonly afterMinutes: number;
}

/** When a delivery is attempted that fails every time, at once. */
export function scheduleOf({
  attempts,
  waits_minutes: waits,
  wait_cap_minutes: cap,
}: Pick<Profile, 'attempts' | 'waits_minutes' | 'wait_cap_minutes'>): ScheduledAttempt[] {
  let afterMinutes = 0;
  return Array.from({ length: attempts }, (_, index) => {
    if (index === 0) return { number: 1, waitMinutes: null, afterMinutes };
    const waitMinutes = Math.min(waits[index - 1] ?? 0, cap);
    afterMinutes += waitMinutes;
    return { number: index + 1, waitMinutes, afterMinutes };
  });
}

const sourceWords = {
  event_id: '<the event’s id>',
  type: '<the event’s type>',
  job_id: '<jobId>',
  data: '<the event’s data>',
  created_at: '<when it was accepted, RFC 3339>',
  created_unix: '<when it was accepted, in seconds>',
  aggregate_version: '<aggregate_version>',
} as const;

type Fields = Exclude<Profile['envelope'], 'data'>;

/** An entry each, in the order of the body. */
function exampleOf(fields: Fields): Record<string, unknown> {
  const entries = fields.map((field): [string, unknown] => {
    if ('fields' in field) return [field.key, exampleOf(field.fields)];
    if ('value' in field) return [field.key, field.value];
    return [field.key, sourceWords[field.from] + (field.optional === true ? ', if there is one' : '')];
  });
  return Object.fromEntries(entries);
}

/** How a body looks, as JSON with words in the place of values. */
export const describeEnvelope = (envelope: Profile['envelope']): string =>
  envelope === 'data' ? 'The event’s data alone, as it was posted.' : JSON.stringify(exampleOf(envelope), null, 2);

type Ending = Pick<Profile, 'on_exhausted' | 'gone_disables' | 'keeps_retry_after' | 'wait_cap_minutes' | 'jitter'>;

/** What else the contract says of failures, a sentence each. */
export function describeFailures(profile: Ending): string[] {
  const { on_exhausted: exhausted, gone_disables: gone, keeps_retry_after: keeps, jitter } = profile;
  return [
    exhausted === 'fail'
      ? 'When all attempts are used up, the delivery is failed and the endpoint stays enabled.'
      : 'When all attempts are used up, the delivery is failed, the endpoint is disabled and the tenant is mailed.',
    ...(gone ? ['An answer 410 Gone ends the delivery and disables the endpoint at once.'] : []),
    keeps
      ? `A Retry-After with 429 or 503 is kept where it is later than the schedule, up to ${formatWait(profile.wait_cap_minutes)}.`
      : 'A Retry-After is not followed.',
    ...(jitter > 0
      ? [`Each wait is spread over ${100 - Math.round(jitter * 100)}–${100 + Math.round(jitter * 100)} % of itself.`]
      : []),
  ];
}
