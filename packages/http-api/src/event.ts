import { z } from 'zod';
import { pageOf, pagingFields } from './paging.ts';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { moment, timestamp } from './timestamp.ts';

const JOB_ID_MAX_CHARACTERS = 200;
export const IDEMPOTENCY_KEY_MAX_CHARACTERS = 255;
const ORDERING_KEY_MAX_CHARACTERS = 128;
const BATCH_MAX_EVENTS = 1_000;
export const TYPE_MAX_CHARACTERS = 128;

const type = storableText(1, TYPE_MAX_CHARACTERS).meta({
  description: 'A type of the catalog.',
  example: 'ssl.issued',
});
const jobId = storableText(1, JOB_ID_MAX_CHARACTERS).meta({
  description: 'What the event is about; receivers deduplicate on it together with the type.',
});

const aggregateVersion = z.int().min(0).meta({
  description: 'The version of what the event is about, in profiles that send one; receivers order by it.',
});

export const orderingKey = storableText(1, ORDERING_KEY_MAX_CHARACTERS).meta({
  description:
    'Events of one key reach each endpoint one after the other, in the order in which they were accepted; one that fails holds up the later ones of its key alone, for as long as the endpoint’s `ordering_skip_after` says. Without a key there is no order.',
  example: 'customer-4711',
});

export const idempotencyKey = storableText(1, IDEMPOTENCY_KEY_MAX_CHARACTERS);

const example = { type: 'domain.verified', jobId: '0b7c6a1e', data: { hostname: 'app.customer.example' } };

/** `POST /v1/events`, and each entry of a batch. */
export const postEventBody = z
  .strictObject({
    type,
    jobId: jobId.nullish(),
    data: z
      .unknown()
      .refine((value) => value !== undefined, 'is required')
      .meta({
        description: 'Any JSON that the type’s schema accepts. It is sent exactly as written, numbers included.',
      }),
    aggregate_version: aggregateVersion.optional(),
    ordering_key: orderingKey.nullish(),
    id: idempotencyKey.optional().meta({ description: 'An idempotency key, like the header Idempotency-Key.' }),
  })
  .meta({ id: 'PostEvent', examples: [example], override: { required: ['type', 'data'] } });

/** `POST /v1/events/batch` */
export const postEventBatchBody = z
  .strictObject({ events: z.array(postEventBody).min(1).max(BATCH_MAX_EVENTS) })
  .meta({ id: 'PostEventBatch', examples: [{ events: [example] }] });

/** An event as its acceptance and every list show it. */
export const event = z
  .object({
    id: publicId('event'),
    type: z.string(),
    jobId: z.string().nullable(),
    sent_at: timestamp.meta({ description: 'When it was accepted; receivers see the same.' }),
    deliveries: z.int().meta({ description: 'Deliveries made for it at once, skipped ones included.' }),
    aggregate_version: aggregateVersion.optional(),
    ordering_key: z.string().optional(),
    fired_with: z
      .array(z.object({ id: publicId('event'), type: z.string() }))
      .optional()
      .meta({ description: 'The other half, where the type always fires as one of a pair.' }),
  })
  .meta({ id: 'Event' });

export const eventDetail = event
  .extend({ payload: z.string().meta({ description: 'The exact text that every delivery sends.' }) })
  .meta({ id: 'EventDetail' });

export const acceptedBatch = z.object({ events: z.array(event) }).meta({ id: 'AcceptedBatch' });
export const eventPage = pageOf(event).meta({ id: 'EventPage' });

/** A span of time that lists are narrowed to. */
export const createdRange = {
  created_after: moment.optional().meta({ description: 'Made at this moment or later.' }),
  created_before: moment.optional().meta({ description: 'Made before this moment.' }),
};

/** Filters that events and deliveries share. */
export const eventFilters = { type: type.optional(), jobId: jobId.optional(), ...createdRange };

export const listEventsQuery = z.strictObject({ ...pagingFields, ...eventFilters });

export type PostEvent = z.infer<typeof postEventBody>;
export type Event = z.infer<typeof event>;
