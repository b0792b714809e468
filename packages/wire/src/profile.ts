import type { Lifecycle } from './lifecycle.ts';

/** A JSON Schema document (draft 2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One row of a profile's event catalog. `sample` is the event's `data`, never the whole envelope. */
export interface EventType {
  readonly name: string;
  readonly description: string;
  /** Fixes the required fields of `data` and their types; further fields are allowed. */
  readonly schema: JsonSchema;
  readonly sample: Readonly<Record<string, unknown>>;
}

/** What a field of the envelope is filled from. `created_unix`: seconds since the epoch. */
export type EnvelopeSource =
  | 'event_id'
  | 'type'
  | 'job_id'
  | 'data'
  | 'created_at'
  | 'created_unix'
  | 'aggregate_version';

/**
 * One field of the body, in the order in which it is written: filled from the event (left out when `optional` and the
 * event has none), a fixed JSON value, or an object of further fields.
 */
export type EnvelopeField =
  | { readonly key: string; readonly from: EnvelopeSource; readonly optional?: boolean }
  | { readonly key: string; readonly value: unknown }
  | { readonly key: string; readonly fields: readonly EnvelopeField[] };

/** The body: an object of these fields, or `data` as it stands. */
export type Envelope = readonly EnvelopeField[] | 'data';

/** What a header is filled from. `timestamp`: unix seconds of the attempt; `delivery_uuid`: the delivery's id as a UUID. */
export type HeaderSource = 'timestamp' | 'event_id' | 'delivery_id' | 'delivery_uuid' | 'type';

/** A header that the contract sends beside the signature. */
export interface HeaderField {
  readonly name: string;
  readonly from: HeaderSource;
}

/**
 * A second way to sign, for endpoints that have a key pair instead of a shared secret (Standard Webhooks 1.0, "Signature
 * scheme"): the same text, in the same header and encoding. Secrets are `whsk_…`, receivers verify with `whpk_…`.
 */
export interface KeyPairScheme {
  readonly algorithm: 'ed25519';
  /** One signature in the header; `{signature}` stands for the encoded bytes. */
  readonly format: string;
}

/** How a profile proves who sent a delivery. */
export interface SignatureScheme {
  readonly algorithm: 'hmac-sha256';
  readonly encoding: 'hex' | 'base64';
  /** The text that is signed: `{body}`, `{timestamp}`, `{event_id}` and `{delivery_id}` stand for their values. */
  readonly signed: string;
  /** `utf8`: the secret's text is the key. `whsec`: base64 after the prefix `whsec_` (Standard Webhooks). */
  readonly secretFormat: 'utf8' | 'whsec';
  /** The header that holds the signature. */
  readonly header: string;
  /** One signature in that header; `{signature}` stands for the encoded digest. */
  readonly format: string;
  /** For endpoints with a key pair; `null`: this profile has secrets alone. */
  readonly keyPair: KeyPairScheme | null;
  /** Stands first in that header, before the separator; `{timestamp}` stands for it. Empty: nothing. */
  readonly lead: string;
  /**
   * While two secrets are live: `next-header` keeps the usual header on the old secret and adds `<header>-Next` with
   * the new one; `list` puts both signatures into the one header.
   */
  readonly rotation: 'next-header' | 'list';
  /** Between lead and signatures of one header. Empty: the header holds a single signature and no lead. */
  readonly separator: string;
  readonly headers: readonly HeaderField[];
}

/** Two event types that always fire together, once per transition of one subject (`jobId`). */
export interface EventPair {
  readonly types: readonly [string, string];
  /** Accepting this type for the same `jobId` allows the pair to fire again. */
  readonly endedBy: string;
}

/** Everything that one delivery contract fixes, as data. */
export interface Profile {
  readonly name: string;
  readonly eventTypes: readonly EventType[];
  readonly envelope: Envelope;
  readonly signature: SignatureScheme;
  /** Requests per delivery at the most, the first included. */
  readonly attempts: number;
  /** Minutes from a failed attempt to the next; one entry fewer than `attempts`. */
  readonly waitsMinutes: readonly number[];
  /** The longest wait, also for a `Retry-After`. */
  readonly waitCapMinutes: number;
  /** 0.2 spreads each wait over 80-120 % of itself. */
  readonly jitter: number;
  /** One deadline over DNS, connect, TLS, headers and body. */
  readonly timeoutMs: number;
  readonly onExhausted: 'fail' | 'disable-endpoint';
  /** Whether an answer 410 disables the endpoint and ends the delivery at once. */
  readonly goneDisables: boolean;
  /** Whether a `Retry-After` on 429 and 503 is kept where it is later than the schedule. */
  readonly keepsRetryAfter: boolean;
  /** Requests per second to one endpoint that sets no rate of its own; `null`: no limit. */
  readonly ratePerSecond: number | null;
  readonly pair: EventPair | null;
  readonly lifecycles: readonly Lifecycle[];
}
