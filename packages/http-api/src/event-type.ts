import { z } from 'zod';
import { pageOf } from './paging.ts';
import { storableText } from './text.ts';

const DESCRIPTION_MAX_CHARACTERS = 1_000;
/** Names of a tenant's own types. */
export const EVENT_TYPE_NAME = /^[a-z0-9_.-]{1,128}$/i;

const schema = z
  .record(z.string(), z.unknown())
  .meta({ description: 'JSON Schema, draft 2020-12, of the event’s `data`.' });

/** `PUT /v1/event-types/{name}` */
export const putEventTypeBody = z
  .strictObject({
    description: storableText(0, DESCRIPTION_MAX_CHARACTERS),
    schema: schema.optional(),
    sample: z.unknown().optional().meta({ description: 'An example of `data`; test events send it.' }),
    if_compatible: z
      .boolean()
      .optional()
      .meta({ description: 'Refuses the change when it would break senders or receivers of the type.' }),
  })
  .meta({
    id: 'PutEventType',
    examples: [
      {
        description: 'An invoice was paid.',
        schema: { type: 'object', required: ['invoice'], properties: { invoice: { type: 'string' } } },
        sample: { invoice: 'inv_42' },
      },
    ],
  });

export const eventType = z
  .object({
    name: z.string(),
    description: z.string(),
    schema: schema.nullable().meta({ description: '`null`: any JSON is accepted.' }),
    sample: z.unknown().meta({ description: '`null` where none was given.' }),
    source: z
      .enum(['profile', 'tenant'])
      .meta({ description: 'Whether the profile brings it or the tenant added it.' }),
  })
  .meta({ id: 'EventType' });

const breakingChange = z
  .object({
    path: z.string().meta({ description: 'Where in the event.', example: 'data.invoice' }),
    change: z.string().meta({ description: 'What is said of the path.', example: 'is now required' }),
    breaks: z.enum(['senders', 'receivers']).meta({
      description:
        '`senders`: events that were accepted may be refused. `receivers`: events may come that could not come before.',
    }),
  })
  .meta({ id: 'BreakingChange' });

/** The answer to `PUT /v1/event-types/{name}` */
export const replacedEventType = eventType
  .extend({
    breaking_changes: z
      .array(breakingChange)
      .meta({ description: 'What the schema breaks in comparison with the one before; empty for a new type.' }),
  })
  .meta({ id: 'ReplacedEventType' });

export const eventTypePage = pageOf(eventType).meta({ id: 'EventTypePage' });

export type EventType = z.infer<typeof eventType>;
