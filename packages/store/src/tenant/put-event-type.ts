import { isDuplicate } from '../is-unavailable.ts';
import { type EventTypeRow, MAX_OWN_TYPES } from './find-event-types.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/**
 * Creates one of the tenant's own types, or replaces it.
 *
 * @returns `too_many` when the tenant has {@link MAX_OWN_TYPES} others
 */
export async function putEventType(
  database: TenantDatabase,
  tenantId: string,
  type: EventTypeRow,
): Promise<'stored' | 'too_many'> {
  const { name, ...fields } = type;
  const { count } = await database.eventType.updateMany({ where: { name }, data: fields });
  if (count > 0) return 'stored';
  if ((await database.eventType.count()) >= MAX_OWN_TYPES) return 'too_many';
  try {
    await database.eventType.create({ data: { tenantId, ...type } });
  } catch (error) {
    // Another request made it in between: this one replaces it, as if it had come second.
    if (!isDuplicate(error)) throw error;
    await database.eventType.updateMany({ where: { name }, data: fields });
  }
  return 'stored';
}
