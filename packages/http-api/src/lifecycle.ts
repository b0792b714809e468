import { z } from 'zod';
import { orderingKey } from './event.ts';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { usageKind, usageKinds } from './usage.ts';

const WORD_MAX_CHARACTERS = 128;
const SUBJECT_MAX_CHARACTERS = 200;
const MAX_STATES = 100;
const MAX_EDGES = 1_000;
const MAX_EVENTS_PER_EDGE = 20;

/** What one transition is metered as. */
const metered = z.array(usageKind).max(usageKinds.length);
const word = storableText(1, WORD_MAX_CHARACTERS);

/** A state machine as a profile declares it. */
export const lifecycleDefinition = z
  .strictObject({
    name: word,
    subject: storableText(0, WORD_MAX_CHARACTERS).meta({ description: 'What a subject’s name stands for.' }),
    states: z.array(word).min(1).max(MAX_STATES).meta({ description: 'The first is the start.' }),
    edges: z
      .array(
        z.strictObject({
          from: word,
          to: word,
          events: z
            .array(
              z.strictObject({
                type: word,
                for_each: word.optional().meta({ description: 'One event per entry of this array in `data`.' }),
              }),
            )
            .max(MAX_EVENTS_PER_EDGE),
        }),
      )
      .max(MAX_EDGES),
    meters_first: metered,
    meters_entering: z.record(z.string(), metered),
  })
  .meta({ id: 'Lifecycle' });

/** `POST /v1/lifecycles/{lifecycle}/{subject}/transitions` */
export const postTransitionBody = z
  .strictObject({
    to: word.meta({ description: 'The state to reach.' }),
    from: word.optional().meta({ description: 'The state it must be in; without it, any that leads there.' }),
    data: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({ description: 'The `data` of the events that the transition fires.' }),
    ordering_key: orderingKey.nullish(),
  })
  .meta({
    id: 'PostTransition',
    examples: [{ to: 'propagating', data: { hostname: 'app.customer.example', setup_type: 'automatic' } }],
  });

/** Where a subject stands. */
export const lifecycleSubject = z
  .object({
    lifecycle: z.string(),
    subject: z.string(),
    state: z.string(),
    version: z.int().meta({ description: 'Transitions so far.' }),
  })
  .meta({ id: 'LifecycleSubject' });

export const transition = lifecycleSubject
  .extend({ events: z.array(z.object({ id: publicId('event'), type: z.string() })) })
  .meta({ id: 'Transition' });

/** A subject's name: of the path, so any text of 1 to 200 characters. */
export const subjectName = storableText(1, SUBJECT_MAX_CHARACTERS);

export type PostTransition = z.output<typeof postTransitionBody>;
export type LifecycleDefinition = z.infer<typeof lifecycleDefinition>;
