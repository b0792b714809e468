import { isDuplicate } from '../is-unavailable.ts';
import { type Act, noteAct } from '../note-act.ts';
import { type EventTypeRow, MAX_OWN_TYPES } from './find-event-types.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** `too_many`: the tenant has {@link MAX_OWN_TYPES} others. `changed`: the type is no longer what it was said to be. */
export type PutOutcome = 'stored' | 'too_many' | 'changed';

async function createEventType(
  database: TenantDatabase,
  tenantId: string,
  type: EventTypeRow,
  act: Act,
): Promise<PutOutcome> {
  if ((await database.eventType.count()) >= MAX_OWN_TYPES) return 'too_many';
  try {
    await database.$transaction(async (tx) => {
      await tx.eventType.create({ data: { tenantId, ...type } });
      await noteAct(tx, tenantId, act);
    });
    return 'stored';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return 'changed';
  }
}

/**
 * Creates one of the tenant's own types, or replaces it: but only if it still has the schema that the caller knows.
 *
 * @param replaced the type as the caller knows it; `null` when there was none
 */
export async function putEventType(
  database: TenantDatabase,
  tenantId: string,
  type: EventTypeRow,
  replaced: Pick<EventTypeRow, 'schema'> | null,
  act: Act,
): Promise<PutOutcome> {
  if (!replaced) return createEventType(database, tenantId, type, act);
  const { name, ...fields } = type;
  return database.$transaction(async (tx) => {
    const { count } = await tx.eventType.updateMany({ where: { name, schema: replaced.schema }, data: fields });
    if (count > 0) await noteAct(tx, tenantId, act);
    return count > 0 ? 'stored' : 'changed';
  });
}
