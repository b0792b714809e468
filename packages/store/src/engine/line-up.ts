import { Prisma } from '../generated/client.ts';
import { keptPlan } from '../keep-plans.ts';
import type { NewEvent } from './event-request.ts';

/**
 * The fan-out with lines: `matched` and `input` must be in scope. Whoever comes behind somebody in its line is held, be that
 * one there already or in this statement. What another statement commits meanwhile was posted at the same time, and nobody
 * asked for an order among those.
 */
function partsFor(events: readonly NewEvent[]) {
  return {
    /** Deliveries are many: a plan that was made while they were few must not stay. */
    plan: Prisma.empty,
    columns: Prisma.sql`, ${events.map(({ orderingKey }) => orderingKey ?? null)}::text[], ${events.map((_, turn) => turn)}::int[]`,
    names: Prisma.sql`, ordering_key, turn`,
    policy: Prisma.sql`, e.ordering_skip_after`,
    eventColumn: Prisma.sql`, ordering_key`,
    eventValue: Prisma.sql`, i.ordering_key`,
    linedUp: Prisma.sql`entering AS (
      SELECT m.event_id, m.endpoint_id, m.ordering_skip_after, i.ordering_key, i.turn
      FROM matched m JOIN input i ON i.id = m.event_id
      WHERE m.enabled AND i.ordering_key IS NOT NULL
    ), lines AS MATERIALIZED (
      SELECT l.endpoint_id, l.ordering_key, ahead.id IS NOT NULL AS taken
      FROM (SELECT DISTINCT endpoint_id, ordering_key, ordering_skip_after FROM entering) l
      LEFT JOIN LATERAL (
        -- In the order of the index of lines, which nothing else could give.
        SELECT id FROM deliveries d
        WHERE d.endpoint_id = l.endpoint_id AND d.ordering_key = l.ordering_key AND d.ordering_position IS NOT NULL
          AND d.status IN ('pending', 'retrying') AND (d.attempts >= l.ordering_skip_after) IS NOT TRUE
        ORDER BY d.ordering_position LIMIT 1) ahead ON true
    ), turns AS MATERIALIZED (
      SELECT t.event_id, t.endpoint_id, t.taken OR t.place > 1 AS held, t.taken AND t.place = 1 AS behind_others,
             nextval('ordering_positions') AS ordering_position
      FROM (SELECT e.event_id, e.endpoint_id, l.taken,
                   row_number() OVER (PARTITION BY e.endpoint_id, e.ordering_key ORDER BY e.turn) AS place
            FROM entering e JOIN lines l USING (endpoint_id, ordering_key) ORDER BY e.turn) t
    ), lined_up AS (
      SELECT m.*, coalesce(t.held, false) AS held, t.ordering_position
      FROM matched m LEFT JOIN turns t USING (event_id, endpoint_id)
    ),`,
    source: Prisma.sql`lined_up`,
    held: Prisma.sql`m.held`,
    dueAt: Prisma.sql`CASE WHEN m.held THEN held_until() WHEN m.enabled THEN now() END`,
    deliveryColumns: Prisma.sql`, ordering_key, ordering_position`,
    deliveryValues: Prisma.sql`, i.ordering_key, m.ordering_position`,
    free: Prisma.sql`AND f.due_at <> held_until()`,
    /** Lines in which somebody waits for what was there before. */
    behind: Prisma.sql`UNION ALL
      SELECT t.event_id, NULL, NULL, t.endpoint_id FROM turns t WHERE t.behind_others`,
  };
}

const noParts = {
  plan: keptPlan,
  columns: Prisma.empty,
  names: Prisma.empty,
  policy: Prisma.empty,
  eventColumn: Prisma.empty,
  eventValue: Prisma.empty,
  linedUp: Prisma.empty,
  source: Prisma.sql`matched`,
  held: Prisma.sql`false`,
  dueAt: Prisma.sql`CASE WHEN m.enabled THEN now() END`,
  deliveryColumns: Prisma.empty,
  deliveryValues: Prisma.empty,
  free: Prisma.empty,
  behind: Prisma.empty,
};

/** The parts of the statement that stores events which put deliveries into lines: none where no event has an ordering key. */
export const lineUp = (events: readonly NewEvent[]) =>
  events.some(({ orderingKey }) => orderingKey) ? partsFor(events) : noParts;
