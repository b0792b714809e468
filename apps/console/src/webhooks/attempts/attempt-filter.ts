import { type AttemptOutcome, attemptOutcomes } from '@posthorn/domain/delivery/attempt-outcome';
import { readId } from '../../address/read-id.ts';
import { readMoment } from '../../address/read-moment.ts';
import { readWords } from '../../address/read-words.ts';
import { type Range, ranges, readRange } from '../deliveries/delivery-filter.ts';

/** What the API takes as a duration. */
const DURATION_MAX_MS = 2_147_483_647;

/** What the list of attempts is narrowed to, as the address holds it. */
export interface AttemptFilter {
  /** One outcome or several, with commas between. */
  readonly outcome?: string;
  readonly endpoint_id?: string;
  /** A response status came. */
  readonly answered?: 'true';
  /** Whole milliseconds. */
  readonly min_duration_ms?: string;
  /** In place of `started_after` and `started_before`. */
  readonly range?: Range;
  /** RFC 3339; inclusive. */
  readonly started_after?: string;
  /** RFC 3339; exclusive. */
  readonly started_before?: string;
}

/** Every outcome but success, as a filter has them. */
export const failedOutcomes = attemptOutcomes.filter((each) => each !== 'succeeded').join(',');

/** The outcomes that a text names. */
export const readOutcomes = (text: unknown): readonly AttemptOutcome[] => readWords(text, attemptOutcomes);

/** A duration in ms that the API would take; `null` for anything else. */
export function readDuration(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  const ms = typeof text === 'string' && /^\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return ms <= DURATION_MAX_MS ? String(ms) : null;
}

/** Reads a filter from an address; what is not one is left out. */
export function readAttemptFilter(search: Record<string, unknown>): AttemptFilter {
  const range = readRange(search['range']);
  const found = {
    outcome: readOutcomes(search['outcome']).join(',') || null,
    endpoint_id: readId(search['endpoint_id'], 'endpoint'),
    answered: String(search['answered']) === 'true' ? 'true' : null,
    min_duration_ms: readDuration(search['min_duration_ms']),
    range: range ?? null,
    started_after: range ? null : readMoment(search['started_after']),
    started_before: range ? null : readMoment(search['started_before']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));
}

/** The filter as the API takes it. @param now ms since the epoch, from which a range counts back */
export const attemptFieldsOf = ({ range, ...fields }: AttemptFilter, now: number): Omit<AttemptFilter, 'range'> =>
  range ? { ...fields, started_after: new Date(now - ranges[range]).toISOString() } : fields;
