import type { BreakingChange } from '@posthorn/domain/event-type/breaking-change';
import type { Act } from '@posthorn/store/note-act';
import { type EventTypeRow, findNamedEventTypes, MAX_OWN_TYPES } from '@posthorn/store/tenant/find-event-types';
import { putEventType } from '@posthorn/store/tenant/put-event-type';
import { compareSchemaTexts } from '../../events/compare-schema-texts.ts';
import { meterSchemaTime } from '../../events/meter-schema-time.ts';
import { conflict } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';

/** How often a change is compared anew because another one came first. */
const MAX_TRIES = 10;
const MAX_NAMED_CHANGES = 5;

function incompatible(changes: readonly BreakingChange[]): Error {
  const named = changes.slice(0, MAX_NAMED_CHANGES).map(({ path, change, breaks }) => `${path} ${change} (${breaks})`);
  const more = changes.length > named.length ? `; and ${changes.length - named.length} more` : '';
  return conflict(`The schema is not compatible with the one before: ${named.join('; ')}${more}.`);
}

/**
 * Creates one of the tenant's own types, or replaces it. What it says is true of the very schema that was replaced, whoever
 * else replaces it at the same time.
 *
 * @throws AppError `conflict` when something breaks and nothing may, and then nothing is stored
 */
export async function replaceEventType(
  { database, id }: TenantScope,
  type: EventTypeRow,
  ifCompatible: boolean,
  act: Act,
): Promise<readonly BreakingChange[]> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const [replaced = null] = await findNamedEventTypes(database, [type.name]);
    const changes = replaced ? meterSchemaTime(id, () => compareSchemaTexts(replaced.schema, type.schema)) : [];
    if (ifCompatible && changes.length > 0) throw incompatible(changes);
    const outcome = await putEventType(database, id, type, replaced, act);
    if (outcome === 'stored') return changes;
    if (outcome === 'too_many') throw conflict(`A tenant has at most ${MAX_OWN_TYPES} types of its own.`);
  }
  throw conflict('Others keep changing this type at the same time; try again.');
}
