import { z } from 'zod';
import { publicId } from './public-id.ts';
import { moment, timestamp } from './timestamp.ts';

/** Statuses that can be recovered: the final ones. */
const recoverable = z.enum(['failed', 'cancelled', 'skipped', 'succeeded']);

/** `POST /v1/webhook-endpoints/{id}/recover` */
export const postRecoveryBody = z
  .strictObject({
    since: moment.meta({ description: 'Deliveries made at this moment or later.' }),
    until: moment.optional().meta({ description: 'Deliveries made before this moment; now, unless given.' }),
    statuses: z
      .array(recoverable)
      .min(1)
      .max(recoverable.options.length)
      .default(['failed', 'cancelled', 'skipped'])
      .meta({ description: 'What the deliveries read now.' }),
    dry_run: z.boolean().default(false).meta({ description: 'Only count what would be replayed.' }),
  })
  // Not as `examples` of its own: zod leaves those out where a field is transformed.
  .meta({ id: 'PostRecovery', override: { examples: [{ since: '2026-07-02T12:00:00Z' }] } });

export const startedRecovery = z
  .object({
    id: publicId('recovery').nullable().meta({ description: '`null` for a dry run.' }),
    matched: z.int().meta({ description: 'Deliveries that it found: of each event the latest.' }),
  })
  .meta({ id: 'StartedRecovery' });

export const recovery = z
  .object({
    id: publicId('recovery'),
    endpoint_id: publicId('endpoint'),
    since: timestamp,
    until: timestamp,
    statuses: z.array(recoverable),
    status: z.enum(['running', 'done', 'stopped']),
    matched: z.int(),
    replayed: z.int().meta({ description: 'Deliveries replayed so far.' }),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
  })
  .meta({ id: 'Recovery' });

export type Recovery = z.infer<typeof recovery>;
