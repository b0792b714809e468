import { Prisma } from '../generated/client.ts';

/**
 * A condition on rows that their ids find. The planner does not look into it: of a queue that no ANALYZE has seen it would
 * rather read an index of open deliveries from end to end than look up what was asked for.
 */
export const onlyIf = (condition: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`CASE WHEN ${condition} THEN true ELSE false END`;

/** The endpoint of a delivery, with `d` (delivery) and `e` (endpoint) in scope; no way from it to its deliveries. */
export const endpointOfDelivery = Prisma.sql`e.id = coalesce(d.endpoint_id, d.id)`;
