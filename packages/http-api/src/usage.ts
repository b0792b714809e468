import { z } from 'zod';
import { moment } from './timestamp.ts';

/** Seed 003's UsageKind. */
export const usageKinds = ['connect', 'active_domain', 'cert', 'api_call'] as const;
export const usageKind = z.enum(usageKinds);

/** `GET /v1/usage` */
export const usageQuery = z.strictObject({
  since: moment.optional().meta({ description: 'Metered at this moment or later.' }),
  until: moment.optional().meta({ description: 'Metered before this moment.' }),
});

export const usage = z.object({ data: z.array(z.object({ kind: usageKind, count: z.int() })) }).meta({ id: 'Usage' });
