import { CERTIFICATES_MAX_CHARACTERS } from '@posthorn/domain/tls/read-certificates';
import { CLIENT_KEY_MAX_CHARACTERS } from '@posthorn/domain/tls/read-client-key';
import { SECRET_MAX_CHARACTERS, SECRET_MIN_CHARACTERS } from '@posthorn/wire/signing-key';
import { z } from 'zod';
import { endpointHeaders, MASKED_HEADER } from './endpoint-headers.ts';
import { TYPE_MAX_CHARACTERS } from './event.ts';
import { pageOf } from './paging.ts';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { timestamp } from './timestamp.ts';

const URL_MAX_CHARACTERS = 2_048;
const DESCRIPTION_MAX_CHARACTERS = 1_000;
const MAX_EVENTS = 100;
const MAX_RATE_PER_SECOND = 10_000;
const MAX_ORDERING_SKIP_AFTER = 100;
const DEFAULT_OVERLAP_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 2_592_000;

/** A month. */
const MAX_FAILING_SECONDS = 2_678_400;

const afterSeconds = (what: string) =>
  z
    .int()
    .min(0)
    .max(MAX_FAILING_SECONDS)
    .nullable()
    .meta({ description: `${what}; 0: never, null: as the operator has set it.` });
const failurePolicy = {
  warn_after_seconds: afterSeconds('Its tenant is mailed, once, when every attempt has failed for so long'),
  disable_after_seconds: afterSeconds('It is disabled when every attempt has failed for so long'),
};

const signatureAlgorithm = z.enum(['hmac-sha256', 'ed25519']).meta({
  description:
    'Signed with a shared secret, or with a key pair where the profile knows those. A `secret` decides itself.',
});
const status = z.enum(['enabled', 'disabled']);
const fields = {
  url: storableText(1, URL_MAX_CHARACTERS).meta({ description: 'Where deliveries are posted: https, and public.' }),
  events: z
    .array(storableText(1, TYPE_MAX_CHARACTERS))
    .max(MAX_EVENTS)
    .meta({ description: 'Types it wants; empty subscribes to all.' }),
  description: storableText(0, DESCRIPTION_MAX_CHARACTERS),
  headers: endpointHeaders,
  rate_limit: z
    .int()
    .min(1)
    .max(MAX_RATE_PER_SECOND)
    .nullable()
    .meta({ description: 'Requests per second at the most.' }),
  ordering_skip_after: z.int().min(1).max(MAX_ORDERING_SKIP_AFTER).nullable().meta({
    description:
      'After so many failed attempts of a delivery the next one with its ordering key is sent; the failed one is retried beside it. Null: the next one waits until it has ended, whichever way.',
  }),
};
/** Whom the endpoint's server must be certified by, and who Posthorn is to it. `null` takes away. */
const tls = {
  ca_certificate: storableText(1, CERTIFICATES_MAX_CHARACTERS).nullable().optional().meta({
    description:
      'Certificates in PEM: the receiver’s must be issued by one of these, in place of the authorities that the system trusts.',
  }),
  client_certificate: storableText(1, CERTIFICATES_MAX_CHARACTERS)
    .nullable()
    .optional()
    .meta({ description: 'Shown to a receiver that asks for one (mTLS), in PEM; its own first, then its issuers.' }),
  client_key: storableText(1, CLIENT_KEY_MAX_CHARACTERS)
    .nullable()
    .optional()
    .meta({ description: 'The client certificate’s private key in PEM, not encrypted. Kept sealed and never shown.' }),
};
/** The customer's own secret, and how to sign where none is brought. */
const signing = {
  secret: storableText(SECRET_MIN_CHARACTERS, SECRET_MAX_CHARACTERS)
    .optional()
    .meta({ description: 'The customer’s own signing secret; made when it is missing.' }),
  signature_algorithm: signatureAlgorithm.optional(),
};
const optional = {
  description: fields.description.optional(),
  headers: fields.headers.optional(),
  rate_limit: fields.rate_limit.optional(),
  ordering_skip_after: fields.ordering_skip_after.optional(),
  failure_policy: z.strictObject(failurePolicy).partial().optional(),
};

/** `POST /v1/webhook-endpoints` */
export const createEndpointBody = z
  .strictObject({
    url: fields.url,
    events: fields.events,
    ...optional,
    ...tls,
    ...signing,
  })
  .meta({
    id: 'CreateEndpoint',
    examples: [{ url: 'https://api.acme.example/webhooks/cd', events: ['ssl.issued', 'domain.drift'] }],
  });

/** `PATCH /v1/webhook-endpoints/{id}` */
export const updateEndpointBody = z
  .strictObject({
    url: fields.url.optional(),
    events: fields.events.optional(),
    ...optional,
    ...tls,
    status: status.optional(),
  })
  .meta({ id: 'UpdateEndpoint', examples: [{ status: 'disabled' }] });

/** `POST /v1/webhook-endpoints/{id}/rotate-secret` */
export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS)
      .default(DEFAULT_OVERLAP_SECONDS)
      .meta({ description: 'How long both secrets are live; 0 switches at once.' }),
    ...signing,
  })
  .meta({ id: 'RotateSecret', examples: [{ overlap_seconds: 3_600 }] });

/** `POST /v1/webhook-endpoints/{id}/test` */
export const testEndpointBody = z
  .strictObject({ type: storableText(1, TYPE_MAX_CHARACTERS).optional() })
  .meta({ id: 'TestEndpoint', examples: [{ type: 'domain.verified' }] });

/** `POST /v1/webhook-endpoints/{id}/probe` */
export const probeEndpointBody = z
  .strictObject({
    type: storableText(1, TYPE_MAX_CHARACTERS).optional(),
    enable_on_success: z
      .boolean()
      .default(false)
      .meta({ description: 'Enable the endpoint when it answers 2xx, if failures had disabled it.' }),
  })
  .meta({ id: 'ProbeEndpoint', examples: [{ enable_on_success: true }] });

const health = z
  .object({
    consecutive_failures: z.int().meta({ description: 'Attempts that failed since the last one that succeeded.' }),
    first_failure_at: timestamp.nullable().meta({ description: 'The first of those.' }),
    last_failure_at: timestamp.nullable(),
    last_success_at: timestamp.nullable().meta({ description: 'Exact to a minute while it is well.' }),
  })
  .meta({ description: 'How its attempts have ended, as of a few seconds ago.' });

const publicKeys = z.array(z.string()).meta({
  description: 'Verify what is signed with ed25519, `whpk_…`: one, two while a rotation’s overlap lasts, else none.',
});

const certificate = z
  .object({
    subject: z.string(),
    fingerprint: z.string().meta({ description: 'SHA-256 over the certificate.' }),
    not_after: timestamp,
  })
  .meta({ id: 'Certificate' });

export const endpoint = z
  .object({
    id: publicId('endpoint'),
    url: z.string(),
    events: z.array(z.string()),
    description: z.string(),
    headers: z.record(z.string(), z.literal(MASKED_HEADER)),
    rate_limit: z.int().nullable(),
    ordering_skip_after: fields.ordering_skip_after,
    status,
    disabled_reason: z.string().nullable(),
    disabled_by: z
      .enum(['request', 'failures'])
      .nullable()
      .meta({ description: 'Who disabled it: somebody by a request, or Posthorn because of failures.' }),
    failure_policy: z.object(failurePolicy),
    health,
    profile: z.string(),
    signature_algorithm: signatureAlgorithm,
    public_keys: publicKeys,
    secret_overlap_ends_at: timestamp.nullable().meta({
      description: 'Two secrets are live until then: a rotation’s overlap is under way. Null: one is.',
    }),
    ca_certificate: z.array(certificate).nullable(),
    client_certificate: certificate.nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'Endpoint' });

const signingSecret = z.string().nullable().meta({
  description: 'Verifies signatures; shown this once. Null with a key pair: its private key never leaves Posthorn.',
});

export const createdEndpoint = endpoint.extend({ signing_secret: signingSecret }).meta({ id: 'CreatedEndpoint' });
export const rotatedSecret = z
  .object({ signing_secret: signingSecret, public_keys: publicKeys })
  .meta({ id: 'RotatedSecret' });
export const endpointPage = pageOf(endpoint).meta({ id: 'EndpointPage' });

export type Certificate = z.infer<typeof certificate>;
export type Endpoint = z.infer<typeof endpoint>;
export type UpdateEndpoint = z.infer<typeof updateEndpointBody>;
