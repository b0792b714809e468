import { Prisma } from '../generated/client.ts';

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
  readonly profile: string;
  readonly headersSealed: string | null;
  readonly rateLimit: number | null;
  readonly secretSealed: string;
  /** The secret that takes over; only while a rotation's overlap lasts. */
  readonly nextSecretSealed: string | null;
}

/** How long a lease lasts for an endpoint of each profile: its timeout and a margin to record the result. */
export interface LeaseTerm {
  readonly profile: string;
  readonly leaseMs: number;
}

/** The terms as a table to join with. */
export const termsTable = (terms: readonly LeaseTerm[]): Prisma.Sql => Prisma.sql`
  unnest(${terms.map(({ profile }) => profile)}::text[], ${terms.map(({ leaseMs }) => leaseMs)}::int[])
    AS term(profile, lease_ms)`;

/** What a lease sets, with `term` in scope. Nothing here is indexed, so the update stays on its page (HOT). */
export const leaseColumns = (token: string): Prisma.Sql => Prisma.sql`
  lease_token = ${token}::uuid, leased_at = now(), lease_until = now() + term.lease_ms * interval '1 millisecond'`;

/** The columns of a {@link ClaimedDelivery}, with `d`, `e` (endpoint) and `v` (event) in scope. */
export const claimedColumns = Prisma.sql`
  d.id, d.tenant_id AS "tenantId", d.endpoint_id AS "endpointId", d.event_id AS "eventId", d.type, v.payload,
  d.generation, d.attempts + 1 AS number, d.attempt_limit AS "attemptLimit", d.lease_token AS token, e.url, e.profile,
  e.headers_sealed AS "headersSealed", e.rate_limit AS "rateLimit",
  CASE WHEN e.overlap_ends_at <= now() THEN e.next_secret_sealed ELSE e.secret_sealed END AS "secretSealed",
  CASE WHEN e.overlap_ends_at > now() THEN e.next_secret_sealed END AS "nextSecretSealed"`;

/** Notes which deliveries a token holds, so that leases that ran out are found without an index on them. */
export const noteClaim = (token: string): Prisma.Sql => Prisma.sql`
  INSERT INTO claims (token, delivery_ids, expires_at)
  SELECT ${token}::uuid, array_agg(id), min(lease_until) FROM claimed HAVING count(*) > 0`;
