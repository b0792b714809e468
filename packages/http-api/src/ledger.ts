import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { z } from 'zod';

const counts = Object.fromEntries(deliveryStatuses.map((status) => [status, z.int()])) as Record<
  DeliveryStatus,
  z.ZodInt
>;

export const ledger = z
  .object({
    events_accepted: z.int(),
    deliveries: z.int().meta({ description: 'What the accepted events and the replays made.' }),
    by_status: z.object(counts),
    oldest_due_ms: z.int().meta({ description: 'How long the longest waiting due delivery is overdue; 0 if none is.' }),
    drift: z.int().nullable().optional().meta({
      description:
        'Of the longest waiting due deliveries (at most 1,000) those without a job to run now; null while the queue cannot be asked. In the operator’s ledger of all tenants.',
    }),
    dropped: z
      .object({ events: z.int(), deliveries: z.int() })
      .meta({ description: 'What of all that was removed since, because it was older than RETENTION_DAYS and ended.' }),
    balanced: z.boolean().meta({ description: 'Whether `deliveries` is the sum of `by_status`.' }),
  })
  .meta({ id: 'Ledger' });

export type Ledger = z.infer<typeof ledger>;
