import { uuidFloor } from '@posthorn/domain/uuid-time';

/** Which page of a list, newest first. */
export interface PageRequest {
  readonly limit: number;
  /** The last id of the page before; `null` for the first page. */
  readonly before: string | null;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Stands before the next page; `null` on the last one. */
  readonly last: string | null;
}

/** A span of time: from `after` on, and before `before`. */
export interface CreatedRange {
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

/** The ids of a page. They hold the time of their making, so a span of time is a range of the same index. */
export function idRange(page: PageRequest, { createdAfter, createdBefore }: CreatedRange = {}) {
  const ends = [page.before, createdBefore ? uuidFloor(createdBefore) : null].filter((end) => end !== null);
  const [end] = ends.sort();
  return { ...(end && { lt: end }), ...(createdAfter && { gte: uuidFloor(createdAfter) }) };
}

/** Reads one row more than the page holds, so as to know whether another page follows. */
export async function readPage<Row extends { readonly id: string }>(
  page: PageRequest,
  find: (take: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  const found = await find(page.limit + 1);
  const rows = found.slice(0, page.limit);
  return { rows, last: found.length > page.limit ? (rows.at(-1)?.id ?? null) : null };
}
