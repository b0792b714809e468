import { Prisma } from '../generated/client.ts';

/**
 * Notes how the attempts of `input` (with `place`) that are in `moved` ended, a row for each endpoint of the batch, so that
 * its health can be told and none waits for another's row. An interrupted attempt says nothing of the endpoint.
 */
export const noticeOutcomes = Prisma.sql`
  noticed AS (
    INSERT INTO health_changes (tenant_id, endpoint_id, breaks, succeeded, failed, failures)
    SELECT tenant_id, endpoint_id, bool_or(ok), bool_or(ok), bool_or(NOT ok),
           count(*) FILTER (WHERE NOT ok AND place > coalesce(last_ok, 0))
    FROM (
      SELECT i.tenant_id, m.endpoint_id, i.place, i.outcome = 'succeeded' AS ok,
             max(i.place) FILTER (WHERE i.outcome = 'succeeded') OVER (PARTITION BY m.endpoint_id) AS last_ok
      FROM input i JOIN moved m USING (attempt_id) WHERE i.outcome <> 'interrupted') ended
    GROUP BY 1, 2
  )`;
