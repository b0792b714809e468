import { Prisma } from '../generated/client.ts';
import type { Probe } from './event-request.ts';
import { onlyIf } from './only-if.ts';

/** A delivery under a lease: whoever holds it may send one request and must record it. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly tenantId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  /** The exact text to send. */
  readonly payload: string;
  readonly generation: number;
  /** The attempt that this claim is for, from 1. */
  readonly number: number;
  readonly attemptLimit: number;
  readonly token: string;
  /** The contract under which the event was accepted. */
  readonly profile: string;
  /** Of a tenant's own profile, the version. */
  readonly profileId: string | null;
  /** Set where it is sent to a disabled endpoint too. */
  readonly probe: Probe | null;
  /** Of one that may stand in a line; else `null`. */
  readonly orderingKey: string | null;
  /** As it was when this was claimed; deliveries that were claimed together share it. */
  readonly endpoint: ClaimedEndpoint;
}

/** What an attempt needs to know of its endpoint. */
export interface ClaimedEndpoint {
  readonly url: string;
  readonly headersSealed: string | null;
  readonly rateLimit: number | null;
  readonly secretSealed: string;
  /** The secret that takes over; only while a rotation's overlap lasts. */
  readonly nextSecretSealed: string | null;
  /** PEM: the only authorities that the receiver's certificate may come from; `null`: the system's. */
  readonly caCertificate: string | null;
  /** PEM; its key is sealed beside it. */
  readonly clientCertificate: string | null;
  readonly clientKeySealed: string | null;
  /** Failed attempts after which the next ones of its line pass it; `null`: they wait for its end. */
  readonly orderingSkipAfter: number | null;
}

/** A batch of claims. */
export interface Lease {
  /** Marks the batch; must be new. */
  readonly token: string;
  /** Who claims; leases of a dispatcher that is not seen any more end early. `null`: they end by their time alone. */
  readonly dispatcherId: string | null;
  /** How long the lease outlives its attempt's timeout, in which the result is recorded. */
  readonly marginMs: number;
}

/** What an attempt needs of an event's row. */
export type ClaimedEvent = Pick<ClaimedDelivery, 'payload' | 'profile' | 'profileId'>;

/** The same, but for what stands on its event's row, and for the token, which is its lease's. */
export type ClaimedRow = Omit<ClaimedDelivery, keyof ClaimedEvent | 'token' | 'endpoint'> & {
  /** JSON text of a {@link ClaimedEndpoint}; `null` where another row of the endpoint has it. */
  readonly endpoint: string | null;
};

/** A row with what its event's row has, if it is the first of its event, and this was read with it. */
export type RowWithEvent = ClaimedRow & { readonly [Column in keyof ClaimedEvent]?: ClaimedEvent[Column] | null };

/** What a lease sets, with `d` (delivery) in scope. Nothing here is indexed, so the update stays on its page (HOT). */
export const leaseColumns = ({ token, marginMs }: Lease): Prisma.Sql => Prisma.sql`
  lease_token = ${token}::uuid, leased_at = now(),
  lease_until = now() + (d.timeout_ms + ${marginMs}) * interval '1 millisecond'`;

/** Whether an attempt may go to the endpoint, with `d` (delivery) and `e` (endpoint) in scope. */
export const mayBeSentTo = onlyIf(Prisma.sql`(e.status = 'enabled' OR d.probe IS NOT NULL) AND e.deleted_at IS NULL`);

/** What a claim returns, with `d` in scope; {@link claimedRow} reads it. */
export const claimedColumns = Prisma.sql`
  d.id, d.tenant_id, d.endpoint_id, d.event_id, d.type, d.generation, d.attempts + 1 AS number, d.attempt_limit, d.probe,
  d.ordering_key, d.lease_until`;

/**
 * The columns of a {@link ClaimedRow}, of what {@link claimedColumns} returned. The client turns each value of each row by
 * itself, so an endpoint stands once among its rows, and as one value.
 */
export const claimedRow = Prisma.sql`
  id, tenant_id AS "tenantId", endpoint_id AS "endpointId", event_id AS "eventId", type, generation, number,
  attempt_limit AS "attemptLimit", probe, ordering_key AS "orderingKey",
  CASE WHEN row_number() OVER (PARTITION BY endpoint_id) = 1 THEN (
    SELECT json_build_object(
      'url', e.url, 'headersSealed', e.headers_sealed, 'rateLimit', e.rate_limit,
      'secretSealed', CASE WHEN e.overlap_ends_at <= now() THEN e.next_secret_sealed ELSE e.secret_sealed END,
      'nextSecretSealed', CASE WHEN e.overlap_ends_at > now() THEN e.next_secret_sealed END,
      'caCertificate', e.ca_certificate, 'clientCertificate', e.client_certificate, 'clientKeySealed', e.client_key_sealed,
      'orderingSkipAfter', e.ordering_skip_after)::text
    FROM endpoints e WHERE e.id = endpoint_id) END AS endpoint`;

/** Notes which deliveries a token holds, so that leases that ran out are found without an index on them. */
export const noteClaim = ({ token, dispatcherId }: Lease): Prisma.Sql => Prisma.sql`
  INSERT INTO claims (token, delivery_ids, expires_at, dispatcher_id)
  SELECT ${token}::uuid, array_agg(id), min(lease_until), ${dispatcherId}::uuid FROM claimed HAVING count(*) > 0`;
