/** What the list of events is narrowed to, as the address holds it. */
export interface EventFilter {
  readonly type?: string;
  readonly jobId?: string;
  /** RFC 3339. */
  readonly created_after?: string;
  readonly created_before?: string;
}

const TEXTS = ['type', 'jobId', 'created_after', 'created_before'] as const;

/** The router reads what looks like JSON in an address as JSON: a jobId may come as a number. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Reads a filter from an address; what is not one is left out. */
export const readEventFilter = (search: Record<string, unknown>): EventFilter =>
  Object.fromEntries(
    TEXTS.flatMap((name) => {
      const value = textOf(search[name]);
      return value === null ? [] : [[name, value] as const];
    }),
  );
