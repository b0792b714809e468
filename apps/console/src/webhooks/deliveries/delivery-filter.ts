import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';

/** Spans that end now, so that a kept address goes on to mean the last hour. */
export const ranges = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
export type Range = keyof typeof ranges;

/** What the list of deliveries is narrowed to, as the address holds it. */
export interface DeliveryFilter {
  readonly status?: DeliveryStatus;
  readonly endpoint_id?: string;
  readonly event_id?: string;
  readonly type?: string;
  readonly jobId?: string;
  /** In place of `created_after` and `created_before`. */
  readonly range?: Range;
  /** RFC 3339. */
  readonly created_after?: string;
  readonly created_before?: string;
}

const TEXTS = ['endpoint_id', 'event_id', 'type', 'jobId', 'created_after', 'created_before'] as const;

/** The router reads what looks like JSON in an address as JSON: a jobId may come as a number. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Reads a filter from an address; what is not one is left out. */
export function readDeliveryFilter(search: Record<string, unknown>): DeliveryFilter {
  const status = deliveryStatuses.find((each) => each === search['status']);
  const range = (Object.keys(ranges) as Range[]).find((each) => each === search['range']);
  const texts = TEXTS.flatMap((name) => {
    const value = textOf(search[name]);
    const isReplaced = range !== undefined && name.startsWith('created_');
    return value === null || isReplaced ? [] : [[name, value] as const];
  });
  return { ...(status && { status }), ...(range && { range }), ...Object.fromEntries(texts) };
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
  created_before: _before,
  ...rest
}: DeliveryFilter): DeliveryFilter => rest;

export const isFiltered = (filter: DeliveryFilter): boolean => Object.values(filter).some(Boolean);
