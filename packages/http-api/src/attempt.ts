import { attemptOutcomes } from '@posthorn/domain/delivery/attempt-outcome';
import { z } from 'zod';
import { pageOf, pagingFields } from './paging.ts';
import { publicId } from './public-id.ts';
import { oneOrSeveral, trueAlone } from './query-words.ts';
import { moment, timestamp } from './timestamp.ts';

const headers = z.record(z.string(), z.unknown()).nullable();

export const attempt = z
  .object({
    id: publicId('attempt'),
    number: z.int().meta({ description: 'From 1.' }),
    started_at: timestamp,
    duration_ms: z.int(),
    outcome: z.enum(attemptOutcomes),
    response_status: z.int().nullable(),
    response_headers: headers,
    response_body: z.string().nullable().meta({ description: 'At most 16 KiB are kept.' }),
    error: z.string().nullable(),
    request_headers: headers.meta({ description: 'As sent; signatures and custom values are masked.' }),
  })
  .meta({ id: 'Attempt' });

export const attemptPage = pageOf(attempt).meta({ id: 'AttemptPage' });

/** An attempt in the list of all: whose it is, but not what was sent and answered. */
export const listedAttempt = attempt
  .omit({ response_headers: true, response_body: true, request_headers: true })
  .extend({
    delivery_id: publicId('delivery'),
    endpoint_id: publicId('endpoint'),
    type: z.string().meta({ description: 'The event’s.' }),
  })
  .meta({ id: 'ListedAttempt' });

export const listedAttemptPage = pageOf(listedAttempt).meta({ id: 'ListedAttemptPage' });

/** What PostgreSQL holds as INTEGER. */
const DURATION_MAX_MS = 2_147_483_647;
const durationProblem = `must be a whole number from 0 to ${DURATION_MAX_MS}`;

const leastDuration = z
  .string()
  .transform((text) => (/^\d{1,10}$/.test(text) ? Number(text) : -1))
  .refine((ms) => ms >= 0 && ms <= DURATION_MAX_MS, durationProblem)
  .meta({
    description: 'Took at least so many milliseconds.',
    override: { type: 'integer', minimum: 0, maximum: DURATION_MAX_MS },
  });

/** `GET /v1/webhook-attempts` */
export const listAllAttemptsQuery = z.strictObject({
  ...pagingFields,
  outcome: oneOrSeveral(attemptOutcomes)
    .meta({ description: 'Ended so, or in one of several ways: `rejected,timeout`.', example: 'rejected,timeout' })
    .optional(),
  endpoint_id: publicId('endpoint').optional(),
  answered: trueAlone.meta({ description: 'With `true`: a response status came, whatever it said.' }).optional(),
  min_duration_ms: leastDuration.optional(),
  started_after: moment.optional().meta({ description: 'Began at this moment or later.' }),
  started_before: moment.optional().meta({ description: 'Began before this moment.' }),
});

export type ListedAttempt = z.infer<typeof listedAttempt>;
export type Attempt = z.infer<typeof attempt>;
