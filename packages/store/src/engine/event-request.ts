import type { KeyTerms } from '../key-terms.ts';
import type { Act } from '../note-act.ts';
import type { OrderingLine } from './ordering-line.ts';

/** One event ready to be stored: its bytes are made. */
export interface NewEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly jobId: string | null;
  /** The exact text that is sent. */
  readonly payload: string;
  /** The contract that the payload was made under. */
  readonly profile: string;
  /** Of a tenant's own profile, the version. */
  readonly profileId: string | null;
  /** Deadline of each attempt. */
  readonly timeoutMs: number;
  readonly aggregateVersion: number | null;
  readonly createdAt: Date;
  /** Attempts that each delivery may use. */
  readonly attemptLimit: number;
  /** The event that fires with this one, if it is half of a pair. */
  readonly firedWith: string | null;
  /** Only this endpoint gets it (a test event); `null`: every endpoint that subscribes to its type. */
  readonly onlyEndpointId: string | null;
  /** Its deliveries to one endpoint are sent after those of the same key that are there already. */
  readonly orderingKey?: string | null;
  /** Set where that endpoint gets it even while it is disabled, and whether its answer may enable it. */
  readonly probe?: Probe;
}

/** `check` changes nothing; `enable` enables an endpoint that failures disabled, when it succeeds. */
export type Probe = 'check' | 'enable';

/** Makes a request safe to repeat. */
export interface RequestKey {
  readonly key: string;
  /** The event's place in a batch under one key; 0 for a single one. */
  readonly position: number;
  /** SHA-256 of what was asked for. */
  readonly digest: Buffer;
}

/** One thing a caller asked for: usually one event, for a pair the asked one first and its other half second. */
export interface EventRequest {
  readonly events: readonly [NewEvent] | readonly [NewEvent, NewEvent];
  /** The API call that it came with: what it emits is metered once per call. */
  readonly callId: string;
  readonly idempotency: RequestKey | null;
  /** The profile's pair: its types, sorted, with a space between; empty where it has none. */
  readonly pair: string;
  /** The pair fires once for this subject until it ends. */
  readonly firesPairFor: string | null;
  /** Accepting this ends the subject's pair, which may then fire again. */
  readonly endsPairOf: string | null;
  /** Of an event that somebody asked for as an operation of its own (a test): what the audit log says of it. */
  readonly act?: Act;
  /** Whether the tenant's events are counted against a quota. */
  readonly limited?: boolean;
  /** Set where the queue may have no room for all deliveries; what exceeds it is parked. */
  readonly room?: JobRoom;
  /** Set where the caller's key was not looked up for this request: it is stored only if the key still has these terms. */
  readonly under?: KeyTerms | null;
}

/** How many jobs the queue has room for, of the deliveries that one statement makes. */
export interface JobRoom {
  /** Of the tenant. */
  readonly jobs: number;
  /** Of each endpoint of it. */
  readonly jobsPerEndpoint: number;
  /** Of those endpoints that have less left. */
  readonly busy: ReadonlyMap<string, number>;
}

/** A stored event as its first answer showed it. */
export interface AcceptedEvent {
  readonly id: string;
  readonly type: string;
  readonly jobId: string | null;
  readonly createdAt: Date;
  readonly deliveryCount: number;
  readonly aggregateVersion: number | null;
  readonly orderingKey: string | null;
  readonly firedWith: { readonly id: string; readonly type: string } | null;
}

/** A delivery that wants a job now. */
export interface DueDelivery {
  readonly id: string;
  readonly tenantId: string;
  readonly endpointId: string;
  readonly generation: number;
  readonly attemptLimit: number;
}

export type Accepted =
  | {
      readonly kind: 'accepted';
      readonly event: AcceptedEvent;
      readonly due: readonly DueDelivery[];
      /** Lines in which deliveries of it wait for what was there before; that may have ended before this was committed. */
      readonly waitsIn: readonly OrderingLine[];
    }
  | { readonly kind: 'replayed'; readonly event: AcceptedEvent }
  | { readonly kind: 'key_conflict'; readonly key: string }
  | { readonly kind: 'over_quota' }
  /** Its key has other terms by now, or is none any more; or, of a tenant with a quota, that may be reached. */
  | { readonly kind: 'unconfirmed' };

/**
 * What is settled about a request before anything is written. `late`: a stored event answers it, or `kept` where that has
 * gone since; `same`: what answers the request at `index` does.
 */
export type Settled =
  | Extract<Accepted, { kind: 'key_conflict' }>
  | { readonly kind: 'late'; readonly eventId: string; readonly kept?: AcceptedEvent | null }
  | { readonly kind: 'same'; readonly index: number };
