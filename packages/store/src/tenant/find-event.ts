import { completeEvents, eventColumns } from './list-events.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** One event with the text it sends, or `null`. */
export async function findEvent(database: TenantDatabase, id: string) {
  const event = await database.event.findFirst({ where: { id }, select: { ...eventColumns, payload: true } });
  if (!event) return null;
  const [complete] = await completeEvents(database, [event]);
  return complete ?? null;
}
