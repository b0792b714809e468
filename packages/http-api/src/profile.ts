import { LONGEST_TIMEOUT_MS } from '@posthorn/domain/delivery/longest-timeout';
import { profiles } from '@posthorn/wire/profiles';
import { z } from 'zod';
import { EVENT_TYPE_NAME } from './event-type.ts';
import { lifecycleDefinition } from './lifecycle.ts';
import { storableText } from './text.ts';

const NAME_MAX_CHARACTERS = 64;
const TEXT_MAX_CHARACTERS = 1_000;
const MAX_EVENT_TYPES = 200;
const MAX_FIELDS = 50;
const MAX_HEADERS = 10;
const MAX_LIFECYCLES = 20;
const ATTEMPTS_MAX = 30;
/** A week. */
const WAIT_MAX_MINUTES = 10_080;
const TIMEOUT_MIN_MS = 100;
const RATE_MAX_PER_SECOND = 10_000;

/** Names of a tenant's own profiles. */
export const PROFILE_NAME = /^[a-z0-9][a-z0-9-]*$/;

const template = z.string().max(TEXT_MAX_CHARACTERS);
const minutes = z.number().min(0).max(WAIT_MAX_MINUTES);

const typeName = z.string().regex(EVENT_TYPE_NAME, 'must be 1 to 128 letters, digits, dots, dashes and underscores');
const catalogEntry = z.strictObject({
  name: typeName,
  description: storableText(0, TEXT_MAX_CHARACTERS),
  schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema, draft 2020-12, of `data`.' }),
  sample: z.record(z.string(), z.unknown()).meta({ description: 'An example of `data`.' }),
});

const envelopeSource = z.enum([
  'event_id',
  'type',
  'job_id',
  'data',
  'created_at',
  'created_unix',
  'aggregate_version',
]);
const fieldKey = storableText(1, TEXT_MAX_CHARACTERS);
const envelopeField = z
  .union([
    z.strictObject({ key: fieldKey, from: envelopeSource, optional: z.boolean().optional() }),
    z.strictObject({ key: fieldKey, value: z.json() }),
    z.strictObject({
      key: fieldKey,
      get fields() {
        return z.array(envelopeField).max(MAX_FIELDS);
      },
    }),
  ])
  .meta({ id: 'EnvelopeField' });
const envelope = z
  .union([z.literal('data'), z.array(envelopeField).min(1).max(MAX_FIELDS)])
  .meta({ description: 'The fields of the body in their order, or `data`: the body is the event’s data alone.' });

const signature = z.strictObject({
  algorithm: z.literal('hmac-sha256'),
  encoding: z.enum(['hex', 'base64']),
  signed: template.meta({
    description: 'What is signed: `{body}`, `{timestamp}`, `{event_id}` and `{delivery_id}` stand for their values.',
  }),
  secret_format: z.enum(['utf8', 'whsec']),
  header: z.string(),
  format: template.meta({ description: 'One signature in the header; `{signature}` stands for it.' }),
  key_pair: z
    .strictObject({ algorithm: z.literal('ed25519'), format: template })
    .nullable()
    .meta({ description: 'How endpoints with a key pair sign, in the same header; null: secrets alone.' }),
  lead: template.meta({ description: 'Stands first in the header; `{timestamp}` stands for it. Empty: nothing.' }),
  rotation: z.enum(['next-header', 'list']),
  separator: z.string().max(1),
  headers: z
    .array(
      z.strictObject({
        name: z.string(),
        from: z.enum(['timestamp', 'event_id', 'delivery_id', 'delivery_uuid', 'type']),
      }),
    )
    .max(MAX_HEADERS),
});

const pair = z.strictObject({ types: z.tuple([z.string(), z.string()]), ended_by: z.string() });

const parts = {
  event_types: z.array(catalogEntry).max(MAX_EVENT_TYPES),
  envelope,
  signature,
  attempts: z.int().min(1).max(ATTEMPTS_MAX),
  waits_minutes: z.array(minutes).max(ATTEMPTS_MAX),
  wait_cap_minutes: minutes.meta({
    description: 'No wait is longer, those of a schedule and those that Retry-After asks for.',
  }),
  jitter: z.number().min(0).max(1),
  timeout_ms: z.int().min(TIMEOUT_MIN_MS).max(LONGEST_TIMEOUT_MS),
  on_exhausted: z.enum(['fail', 'disable-endpoint']),
  gone_disables: z.boolean(),
  keeps_retry_after: z.boolean(),
  rate_per_second: z.int().min(1).max(RATE_MAX_PER_SECOND).nullable(),
  pair: pair.nullable(),
  lifecycles: z.array(lifecycleDefinition).max(MAX_LIFECYCLES),
};

const builtInName = z.enum(profiles.map(({ name }) => name));

/** Everything that a tenant's own profile may set; what is missing comes from the one it extends. */
const overrides = z.strictObject({ ...parts, signature: z.union([builtInName, signature.partial()]) }).partial().shape;

const name = z
  .string()
  .min(1)
  .max(NAME_MAX_CHARACTERS)
  .regex(PROFILE_NAME, 'must be lower-case letters, digits and dashes');

const extending = { extends: builtInName.meta({ description: 'The built-in profile whose parts it takes over.' }) };
const example = {
  extends: 'standard-webhooks' as const,
  signature: { header: 'X-Acme-Signature', signed: '{body}', format: '{signature}', headers: [] },
  attempts: 3,
  waits_minutes: [1, 10],
};

/** `POST /v1/profiles` */
export const createProfileBody = z
  .strictObject({ name, ...extending, ...overrides })
  .meta({ id: 'CreateProfile', examples: [{ name: 'acme', ...example }] });

/** `PUT /v1/profiles/{name}` */
export const putProfileBody = z
  .strictObject({ ...extending, ...overrides })
  .meta({ id: 'PutProfile', examples: [example] });

export const profile = z
  .object({
    name: z.string(),
    ...parts,
    source: z
      .enum(['built-in', 'tenant'])
      .meta({ description: 'Whether it comes with Posthorn or the tenant made it.' }),
  })
  .meta({ id: 'Profile' });

export const profileList = z.object({ data: z.array(profile) }).meta({ id: 'ProfileList' });

export type Profile = z.infer<typeof profile>;
export type PutProfile = z.infer<typeof putProfileBody>;
