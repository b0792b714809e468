import { Prisma } from '../generated/client.ts';
import type { Probe } from './event-request.ts';

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
  readonly url: string;
  /** The contract under which the event was accepted. */
  readonly profile: string;
  /** Of a tenant's own profile, the version. */
  readonly profileId: string | null;
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
  /** Set where it is sent to a disabled endpoint too. */
  readonly probe: Probe | null;
  /** Of one that may stand in a line; else `null`. */
  readonly orderingKey: string | null;
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

/** The same, but for what stands on its event's row. */
export type ClaimedRow = Omit<ClaimedDelivery, 'payload' | 'profile' | 'profileId'>;

/** What a lease sets, with `d` (delivery) in scope. Nothing here is indexed, so the update stays on its page (HOT). */
export const leaseColumns = ({ token, marginMs }: Lease): Prisma.Sql => Prisma.sql`
  lease_token = ${token}::uuid, leased_at = now(),
  lease_until = now() + (d.timeout_ms + ${marginMs}) * interval '1 millisecond'`;

/** The columns of a {@link ClaimedRow}, with `d` and `e` (endpoint) in scope. */
export const claimedColumns = Prisma.sql`
  d.id, d.tenant_id AS "tenantId", d.endpoint_id AS "endpointId", d.event_id AS "eventId", d.type,
  d.generation, d.attempts + 1 AS number, d.attempt_limit AS "attemptLimit", d.lease_token AS token, e.url,
  e.headers_sealed AS "headersSealed", e.rate_limit AS "rateLimit",
  CASE WHEN e.overlap_ends_at <= now() THEN e.next_secret_sealed ELSE e.secret_sealed END AS "secretSealed",
  CASE WHEN e.overlap_ends_at > now() THEN e.next_secret_sealed END AS "nextSecretSealed",
  e.ca_certificate AS "caCertificate", e.client_certificate AS "clientCertificate",
  e.client_key_sealed AS "clientKeySealed", d.probe,
  d.ordering_key AS "orderingKey", e.ordering_skip_after AS "orderingSkipAfter"`;

/** Notes which deliveries a token holds, so that leases that ran out are found without an index on them. */
export const noteClaim = ({ token, dispatcherId }: Lease): Prisma.Sql => Prisma.sql`
  INSERT INTO claims (token, delivery_ids, expires_at, dispatcher_id)
  SELECT ${token}::uuid, array_agg(id), min(lease_until), ${dispatcherId}::uuid FROM claimed HAVING count(*) > 0`;
