/** What the list of event types is narrowed to, and which one is open, as the address holds it. */
export interface EventTypeSearch {
  readonly search?: string;
  /** The name of the type that is open. */
  readonly type?: string;
}

const TEXTS = ['search', 'type'] as const;

/** The router reads what looks like JSON in an address as JSON. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Reads it from an address; what is not text is left out. */
export const readEventTypeSearch = (search: Record<string, unknown>): EventTypeSearch =>
  Object.fromEntries(
    TEXTS.flatMap((name) => {
      const value = textOf(search[name]);
      return value === '' ? [] : [[name, value] as const];
    }),
  );
