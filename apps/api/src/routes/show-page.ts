import type { Page, PageRequest } from '@posthorn/store/tenant/read-page';
import { decodeCursor, encodeCursor, type IdList } from '../http/cursor.ts';

/** The paging fields of a list's query. */
export interface PagingQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** @throws AppError `invalid` when the cursor is not one of this list's */
export const readPageRequest = (list: IdList, { limit, cursor }: PagingQuery): PageRequest => ({
  limit,
  before: decodeCursor(list, cursor),
});

/** A page as the API shows it. */
export const showPage = <Row, Shown>(list: IdList, { rows, last }: Page<Row>, show: (row: Row) => Shown) => ({
  data: rows.map(show),
  next_cursor: encodeCursor(list, last),
});
