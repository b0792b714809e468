import { z } from 'zod';

/** Rows of a page. */
const PAGE_DEFAULT_ROWS = 50;
const PAGE_MAX_ROWS = 200;
const CURSOR_MAX_CHARACTERS = 400;

const limitProblem = `must be a whole number from 1 to ${PAGE_MAX_ROWS}`;

const limit = z
  .string()
  .transform((text) => (/^\d{1,6}$/.test(text) ? Number(text) : 0))
  .refine((rows) => rows >= 1 && rows <= PAGE_MAX_ROWS, limitProblem)
  .default(PAGE_DEFAULT_ROWS)
  .meta({
    description: 'Rows per page.',
    override: { type: 'integer', minimum: 1, maximum: PAGE_MAX_ROWS, default: PAGE_DEFAULT_ROWS },
  });

const cursor = z
  .string()
  .max(CURSOR_MAX_CHARACTERS)
  .meta({ description: "The previous page's `next_cursor`. It holds for the same filters alone." })
  .optional();

/** Query fields that every list has. */
export const pagingFields = { limit, cursor };

/** The query of a list without filters. */
export const pagingQuery = z.strictObject(pagingFields);

/** A page, newest first. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    data: z.array(row),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Pass it as `cursor` for the next page; `null` on the last.' }),
  });
