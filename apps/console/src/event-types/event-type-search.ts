import { readText } from '../address/read-text.ts';
import { TYPE_MAX_CHARACTERS } from '../address/text-limits.ts';

/** What the list of event types is narrowed to, and which one is open, as the address holds it. */
export interface EventTypeSearch {
  readonly search?: string;
  /** The name of the type that is open. */
  readonly type?: string;
}

const TEXTS = ['search', 'type'] as const;

/** Reads it from an address; what is not text is left out. */
export const readEventTypeSearch = (search: Record<string, unknown>): EventTypeSearch =>
  Object.fromEntries(
    TEXTS.flatMap((name) => {
      const value = readText(search[name], TYPE_MAX_CHARACTERS);
      return value === null ? [] : [[name, value] as const];
    }),
  );
