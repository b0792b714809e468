import { Prisma } from '../generated/client.ts';
import type { EventRequest } from './event-request.ts';

/**
 * What the statement that stores events has besides where a tenant of theirs has a limit; the others should not pay for
 * it. `asked` must be in scope, with `call` and `place`; `input` is what of it may be stored. Of one API call all events
 * are taken or none. The row that counts is locked first, so two statements never share the same room; for it alone the statement
 * waits as long as it is told to.
 */
function partsFor(requests: readonly EventRequest[], patienceMs: number | null) {
  const limited = requests.filter((request) => request.limited).map(({ events: [{ tenantId }] }) => tenantId);
  return {
    first: Prisma.sql`asked`,
    callColumn: Prisma.sql`, ${requests.flatMap(({ callId, events }) => events.map(() => callId))}::text[]`,
    callNames: Prisma.sql`, call, place`,
    ordinality: Prisma.sql`WITH ORDINALITY`,
    input: Prisma.sql`patience AS MATERIALIZED (
      SELECT ${patienceMs === null ? Prisma.sql`1` : Prisma.sql`set_config('lock_timeout', ${String(patienceMs)}, true)`}
    ), quota AS MATERIALIZED (
      SELECT q.tenant_id, q.events_per_month AS allowed, greatest(q.month, c.month) AS month,
             -- A later month than this statement's began while it waited.
             CASE WHEN q.month >= c.month THEN q.events ELSE 0 END AS used
      FROM tenant_quotas q, patience, (SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date AS month) c
      WHERE q.tenant_id = ANY (${[...new Set(limited)]}::text[]::uuid[]) AND q.events_per_month IS NOT NULL
      ORDER BY q.tenant_id FOR NO KEY UPDATE OF q
    ), called AS (
      SELECT tenant_id, call, sum(count(*)) OVER (PARTITION BY tenant_id ORDER BY min(place)) AS so_far
      FROM asked GROUP BY tenant_id, call
    ), input AS MATERIALIZED (
      SELECT a.* FROM asked a JOIN called USING (tenant_id, call) LEFT JOIN quota q USING (tenant_id)
      WHERE q.tenant_id IS NULL OR q.used + called.so_far <= q.allowed
    ), counted AS (
      UPDATE tenant_quotas t SET month = q.month, events = q.used + taken.events
      FROM quota q JOIN (SELECT tenant_id, count(*) AS events FROM input GROUP BY 1) taken USING (tenant_id)
      WHERE t.tenant_id = q.tenant_id
    ),`,
    calls: Prisma.sql`SELECT tenant_id, 'api_call', count(DISTINCT call) FROM input GROUP BY tenant_id`,
  };
}

const noParts = {
  first: Prisma.sql`input`,
  callColumn: Prisma.empty,
  callNames: Prisma.empty,
  ordinality: Prisma.empty,
  input: Prisma.empty,
  calls: null,
};

/** The parts of the statement for these requests: none where no tenant of theirs has a limit. */
export const countAgainstQuota = (requests: readonly EventRequest[], patienceMs: number | null) =>
  requests.some(({ limited }) => limited) ? partsFor(requests, patienceMs) : noParts;
