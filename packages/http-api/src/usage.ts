import { z } from 'zod';
import { moment, timestamp } from './timestamp.ts';

/** Seed 003's UsageKind. */
export const usageKinds = ['connect', 'active_domain', 'cert', 'api_call'] as const;
export const usageKind = z.enum(usageKinds);

/** `GET /v1/usage` */
export const usageQuery = z.strictObject({
  since: moment.optional().meta({ description: 'Metered at this moment or later.' }),
  until: moment.optional().meta({ description: 'Metered before this moment.' }),
});

const limit = z.int().nullable().meta({ description: 'Null: none.' });

export const usage = z
  .object({
    data: z.array(z.object({ kind: usageKind, count: z.int() })),
    quotas: z
      .object({
        endpoints: z.object({ used: z.int(), limit }),
        events_per_month: z.object({
          used: z.int().nullable().meta({ description: 'Null: not counted, since there is no limit.' }),
          limit,
          resets_at: timestamp.meta({ description: 'When the next calendar month begins, UTC.' }),
        }),
      })
      .meta({ description: 'Of now, whatever range was asked for.' }),
    upgrade_url: z
      .string()
      .nullable()
      .meta({ description: 'Where there is more to be had; `null`: ask the operator.' }),
  })
  .meta({ id: 'Usage' });

export type Usage = z.infer<typeof usage>;
