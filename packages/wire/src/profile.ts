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

/** What a field of the envelope is filled from. */
export type EnvelopeSource = 'event_id' | 'type' | 'job_id' | 'data' | 'created_at';

/** One field of the body, in the order in which it is written. */
export interface EnvelopeField {
  readonly key: string;
  readonly from: EnvelopeSource;
}

/** One piece of the text that is signed. */
export type SignedPart = 'id' | 'timestamp' | 'body';

/** How a profile proves who sent a delivery. HMAC-SHA256 throughout. */
export interface SignatureScheme {
  readonly algorithm: 'hmac-sha256';
  readonly encoding: 'hex' | 'base64';
  /** The parts that are joined with a dot and signed. */
  readonly signed: readonly SignedPart[];
  /** `utf8`: the secret's text is the key. `whsec`: base64 after the prefix `whsec_` (Standard Webhooks). */
  readonly secretFormat: 'utf8' | 'whsec';
  readonly signatureHeader: string;
  /** Stands before the encoded digest in the header, for example `sha256=`. */
  readonly signaturePrefix: string;
  /** Unix seconds. `null`: the profile sends none. */
  readonly timestampHeader: string | null;
  readonly idHeader: { readonly name: string; readonly of: 'event' | 'delivery' } | null;
  /**
   * While two secrets are live: `next-header` keeps the usual header on the old secret and adds
   * `<signature header>-Next` with the new one; `list` puts both signatures into the one header.
   */
  readonly rotation: 'next-header' | 'list';
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
  readonly envelope: readonly EnvelopeField[];
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
  readonly pair: EventPair | null;
}
