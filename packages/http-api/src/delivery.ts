import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { z } from 'zod';
import { attempt } from './attempt.ts';
import { eventFilters } from './event.ts';
import { pageOf, pagingFields } from './paging.ts';
import { publicId } from './public-id.ts';
import { oneOrSeveral, trueAlone } from './query-words.ts';
import { timestamp } from './timestamp.ts';

const status = z.enum(deliveryStatuses);

export const delivery = z
  .object({
    id: publicId('delivery'),
    endpoint_id: publicId('endpoint'),
    event_id: publicId('event'),
    type: z.string(),
    jobId: z.string().nullable(),
    status,
    attempts: z.int().meta({ description: 'Requests made so far.' }),
    next_retry_at: timestamp.nullable().meta({
      description: 'When the next attempt is due; `null` when final, and while it is held.',
    }),
    held: z.boolean().meta({
      description:
        'It has to wait for an earlier delivery with its ordering key to this endpoint, and has not been attempted.',
    }),
    last_response_status: z.int().nullable(),
    last_error: z.string().nullable(),
    replay_of: publicId('delivery').nullable(),
    ordering_key: z.string().nullable().meta({ description: 'The event’s; a replay keeps no order and has none.' }),
    created_at: timestamp,
    completed_at: timestamp.nullable(),
  })
  .meta({ id: 'Delivery' });

export const deliveryDetail = delivery
  .extend({
    waits_for: publicId('delivery').nullable().meta({
      description: 'While it is held: the earlier delivery that must end first, or fail often enough to be passed.',
    }),
    payload: z.string().meta({ description: 'The exact text that is sent.' }),
    attempt_log: z.array(attempt).meta({ description: 'Oldest first.' }),
  })
  .meta({ id: 'DeliveryDetail' });

export const deliveryPage = pageOf(delivery).meta({ id: 'DeliveryPage' });

const statuses = oneOrSeveral(deliveryStatuses).meta({
  description: 'Has this status, or one of several: `failed,retrying`.',
  example: 'failed,retrying',
});

const overdue = trueAlone.meta({
  description: 'With `true`: open and due already. Of each endpoint the 10,000 that wait longest are looked at.',
});

export const listDeliveriesQuery = z.strictObject({
  ...pagingFields,
  status: statuses.optional(),
  overdue: overdue.optional(),
  endpoint_id: publicId('endpoint').optional(),
  event_id: publicId('event').optional(),
  ...eventFilters,
});

export type Delivery = z.infer<typeof delivery>;
