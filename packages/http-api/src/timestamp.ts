import { z } from 'zod';

/** A moment in an answer: RFC 3339, UTC, milliseconds. */
export const timestamp = z.string().meta({ format: 'date-time', example: '2026-07-02T12:00:00.000Z' });

/** A moment in a query: RFC 3339 with any offset. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 date and time, for example 2026-07-02T12:00:00Z' })
  // The format says it; the pattern behind it is unreadable.
  .meta({ override: ({ jsonSchema }: { jsonSchema: { pattern?: string } }) => void delete jsonSchema.pattern })
  .transform((text) => new Date(text));
