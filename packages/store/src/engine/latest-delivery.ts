import { Prisma } from '../generated/client.ts';

/** Whether `d` is its event's latest delivery to its endpoint: what was replayed since is not sent once more. */
export const isLatest = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM deliveries later
  WHERE later.event_id = d.event_id AND later.endpoint_id = d.endpoint_id AND later.id > d.id)`;
