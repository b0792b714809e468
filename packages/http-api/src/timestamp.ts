import { z } from 'zod';

/** A moment in an answer: RFC 3339, UTC, milliseconds. */
export const timestamp = z.string().meta({ format: 'date-time', example: '2026-07-02T12:00:00.000Z' });

/** PostgreSQL knows no year 0, and an offset leads out of the years that have four digits. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A moment in a query: RFC 3339 with any offset. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 date and time, for example 2026-07-02T12:00:00Z' })
  // The format says it; the pattern behind it is unreadable.
  .meta({ override: ({ jsonSchema }: { jsonSchema: { pattern?: string } }) => void delete jsonSchema.pattern })
  .transform((text) => new Date(text))
  .refine((date) => date.getTime() >= FIRST_MS && date.getTime() <= LAST_MS, 'must be in the years 1 to 9999, in UTC');
