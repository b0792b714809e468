import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { readId } from '../../address/read-id.ts';
import { readMoment } from '../../address/read-moment.ts';
import { readText } from '../../address/read-text.ts';
import { readWords } from '../../address/read-words.ts';
import { JOB_ID_MAX_CHARACTERS, TYPE_MAX_CHARACTERS } from '../../address/text-limits.ts';

/** Spans that end now, so that a kept address goes on to mean the last hour. */
export const ranges = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
export type Range = keyof typeof ranges;

/** What the list of deliveries is narrowed to, as the address holds it. */
export interface DeliveryFilter {
  /** One status or several, with commas between. */
  readonly status?: string;
  readonly endpoint_id?: string;
  readonly event_id?: string;
  readonly type?: string;
  readonly jobId?: string;
  /** Open, and its time has come. */
  readonly overdue?: 'true';
  /** In place of `created_after` and `created_before`. */
  readonly range?: Range;
  /** RFC 3339. */
  readonly created_after?: string;
  readonly created_before?: string;
}

/** How each text is read; `null` for what is none. */
const texts: readonly (readonly [name: keyof DeliveryFilter, read: (value: unknown) => string | null])[] = [
  ['endpoint_id', (value) => readId(value, 'endpoint')],
  ['event_id', (value) => readId(value, 'event')],
  ['type', (value) => readText(value, TYPE_MAX_CHARACTERS)],
  ['jobId', (value) => readText(value, JOB_ID_MAX_CHARACTERS)],
  ['created_after', readMoment],
  ['created_before', readMoment],
];

/** The statuses that a text names, in the order of a delivery's life. */
export const readStatuses = (text: unknown): readonly DeliveryStatus[] => readWords(text, deliveryStatuses);

/** The range that a text names; `undefined` for anything else. */
export const readRange = (text: unknown): Range | undefined =>
  (Object.keys(ranges) as Range[]).find((each) => each === text);

/** Reads a filter from an address; what is not one is left out. */
export function readDeliveryFilter(search: Record<string, unknown>): DeliveryFilter {
  const status = readStatuses(search['status']).join(',');
  const isOverdue = String(search['overdue']) === 'true';
  const range = readRange(search['range']);
  const found = texts.flatMap(([name, read]) => {
    const value = read(search[name]);
    const isReplaced = range !== undefined && name.startsWith('created_');
    return value === null || isReplaced ? [] : [[name, value] as const];
  });
  return {
    ...(status && { status }),
    ...(isOverdue && { overdue: 'true' }),
    ...(range && { range }),
    ...Object.fromEntries(found),
  };
}

/** The filter as the API takes it. */
export type DeliveryFields = Omit<DeliveryFilter, 'range'>;

/** @param now ms since the epoch, from which a range counts back */
export function fieldsOf({ range, ...fields }: DeliveryFilter, now: number): DeliveryFields {
  return range ? { ...fields, created_after: new Date(now - ranges[range]).toISOString() } : fields;
}

/** A list in which the replays of this one's deliveries stand too: they are new, and pending first. */
export const filterOfReplays = ({
  status: _status,
  overdue: _overdue,
  created_before: _before,
  ...rest
}: DeliveryFilter): DeliveryFilter => rest;

export const isFiltered = (filter: DeliveryFilter): boolean => Object.values(filter).some(Boolean);
