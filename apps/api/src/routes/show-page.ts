import type { Page, PageRequest } from '@posthorn/store/tenant/read-page';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';

/** The paging fields of a list's query. */
export interface PagingQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** @throws AppError `invalid` when the cursor is not one */
export const readPageRequest = ({ limit, cursor }: PagingQuery): PageRequest => ({
  limit,
  before: decodeCursor('id', cursor),
});

/** A page as the API shows it. */
export const showPage = <Row, Shown>({ rows, last }: Page<Row>, show: (row: Row) => Shown) => ({
  data: rows.map(show),
  next_cursor: encodeCursor('id', last),
});
