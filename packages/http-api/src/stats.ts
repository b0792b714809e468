import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { z } from 'zod';
import { publicId } from './public-id.ts';
import { timestamp } from './timestamp.ts';

/** How long the buckets of each range are, and how many there are. */
export const statsRanges = statsBuckets;

const range = z.enum(['1h', '24h', '7d']);

/** `GET /v1/stats` */
export const statsQuery = z.strictObject({
  range: range.default('24h').meta({ description: 'How far back.' }),
  endpoint_id: publicId('endpoint').optional().meta({ description: 'Of this endpoint alone.' }),
});

/** Attempts, not deliveries: one that is tried thrice may be two failures and a success. */
const outcomes = { succeeded: z.int(), failed: z.int() };
const milliseconds = z.int().nullable();
const byStatus = z
  .record(z.enum(deliveryStatuses), z.int())
  .meta({ description: 'Deliveries that were made in this time, by how they stand now.' });

export const stats = z
  .object({
    range,
    from: timestamp.meta({ description: 'When the first bucket begins.' }),
    to: timestamp.meta({ description: 'When the figures were read; the last bucket is not over yet.' }),
    bucket_seconds: z.int().meta({ description: 'Buckets begin at multiples of this since 1970.' }),
    deliveries: z.object({ total: z.int(), by_status: byStatus }).meta({
      description:
        'Those that `GET /v1/webhook-deliveries` lists with `created_after` at `from`, and those that the retention has removed of them.',
    }),
    attempts: z.object({ total: z.int(), ...outcomes }).meta({ description: 'Requests that began since `from`.' }),
    success_rate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'The share of attempts that succeeded. Null: there were none.' }),
    latency_ms: z.object({ p50: milliseconds, p95: milliseconds }).meta({
      description:
        'Of attempts that got an answer: so many of a hundred took this long or less. Exact up to 255 ms, else at most 0.8 % too long.',
    }),
    overdue: z
      .object({
        count: z.int(),
        capped: z.boolean().meta({ description: 'Whether there are more than were counted.' }),
        oldest_due_ms: milliseconds.meta({ description: 'How long the longest waiting one is overdue.' }),
      })
      .meta({ description: 'Open deliveries whose time has come, of now, whatever range was asked for.' }),
    buckets: z
      .array(z.object({ at: timestamp, ...outcomes, p95_ms: milliseconds, deliveries: byStatus }))
      .meta({ description: 'Every bucket, oldest first.' }),
    endpoints: z
      .array(
        z.object({
          endpoint_id: publicId('endpoint'),
          ...outcomes,
          buckets: z.array(z.object(outcomes)).meta({ description: 'Every bucket, oldest first.' }),
        }),
      )
      .meta({ description: 'Endpoints with attempts, most failures first; at most 100.' }),
  })
  .meta({ id: 'Stats' });

export type Stats = z.infer<typeof stats>;
export type StatsRange = z.infer<typeof range>;
