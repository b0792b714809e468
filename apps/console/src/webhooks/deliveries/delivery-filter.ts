import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';

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
  readonly overdue?: true;
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

/** The statuses that a text names, each once and in the order of a delivery's life; other words are passed over. */
export function readStatuses(text: unknown): readonly DeliveryStatus[] {
  const names = typeof text === 'string' ? text.split(',') : [];
  return deliveryStatuses.filter((each) => names.includes(each));
}

/** Reads a filter from an address; what is not one is left out. */
export function readDeliveryFilter(search: Record<string, unknown>): DeliveryFilter {
  const status = readStatuses(search['status']).join(',');
  const overdue = search['overdue'] === true;
  const range = (Object.keys(ranges) as Range[]).find((each) => each === search['range']);
  const texts = TEXTS.flatMap((name) => {
    const value = textOf(search[name]);
    const isReplaced = range !== undefined && name.startsWith('created_');
    return value === null || isReplaced ? [] : [[name, value] as const];
  });
  return {
    ...(status && { status }),
    ...(overdue && { overdue }),
    ...(range && { range }),
    ...Object.fromEntries(texts),
  };
}

/** The filter as the API takes it. */
export type DeliveryFields = Omit<DeliveryFilter, 'range' | 'overdue'> & { readonly overdue?: 'true' };

/** @param now ms since the epoch, from which a range counts back */
export function fieldsOf({ range, overdue, ...fields }: DeliveryFilter, now: number): DeliveryFields {
  return {
    ...fields,
    ...(overdue && { overdue: 'true' }),
    ...(range && { created_after: new Date(now - ranges[range]).toISOString() }),
  };
}

/** A list in which the replays of this one's deliveries stand too: they are new, and pending first. */
export const filterOfReplays = ({
  status: _status,
  overdue: _overdue,
  created_before: _before,
  ...rest
}: DeliveryFilter): DeliveryFilter => rest;

export const isFiltered = (filter: DeliveryFilter): boolean => Object.values(filter).some(Boolean);
