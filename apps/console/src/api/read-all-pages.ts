import { type Page, type QueryFields, read } from './client.ts';

const PAGE_ROWS = 200;
const MAX_PAGES = 5;

/** Rows of a list that is short enough to be read whole. */
export interface AllRows<Row> {
  readonly rows: readonly Row[];
  /** Whether there are more than were read. */
  readonly more: boolean;
}

/** Reads a list page by page, up to 1,000 rows. */
export async function readAllPages<Row>(path: string, query: QueryFields = {}): Promise<AllRows<Row>> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data, next_cursor }: Page<Row> = await read<Page<Row>>(path, { ...query, limit: PAGE_ROWS, cursor });
    rows.push(...data);
    cursor = next_cursor;
    if (cursor === null) break;
  }
  return { rows, more: cursor !== null };
}
