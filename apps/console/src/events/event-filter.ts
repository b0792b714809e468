import { readMoment } from '../address/read-moment.ts';
import { readText } from '../address/read-text.ts';
import { JOB_ID_MAX_CHARACTERS, TYPE_MAX_CHARACTERS } from '../address/text-limits.ts';

/** What the list of events is narrowed to, as the address holds it. */
export interface EventFilter {
  readonly type?: string;
  readonly jobId?: string;
  /** RFC 3339. */
  readonly created_after?: string;
  readonly created_before?: string;
}

/** How each is read; `null` for what is none. */
const readers: Readonly<Record<keyof EventFilter, (value: unknown) => string | null>> = {
  type: (value) => readText(value, TYPE_MAX_CHARACTERS),
  jobId: (value) => readText(value, JOB_ID_MAX_CHARACTERS),
  created_after: readMoment,
  created_before: readMoment,
};

/** Reads a filter from an address; what is not one is left out. */
export const readEventFilter = (search: Record<string, unknown>): EventFilter =>
  Object.fromEntries(
    Object.entries(readers).flatMap(([name, readValue]) => {
      const value = readValue(search[name]);
      return value === null ? [] : [[name, value] as const];
    }),
  );
