import { z } from 'zod';

const check = z.enum(['ok', 'failed']);

export const liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });

export const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    checks: z.object({ database: check, queue: check }),
  })
  .meta({ id: 'Readiness' });

export type Readiness = z.infer<typeof readiness>;
