import type { AuditEntry } from '@posthorn/http-api/audit-log';
import { viewOfId } from '../shell/view-of-id.ts';
import type { SettingsSearch } from './settings-search.ts';

/** Where a link leads. */
export interface Place {
  readonly to: string;
  readonly search?: SettingsSearch;
}

/** Views of what has no id of its own kind. */
const places: Readonly<Record<string, Place>> = {
  event_type: { to: '/event-types' },
  api_key: { to: '/settings', search: { tab: 'keys' } },
  profile: { to: '/settings', search: { tab: 'profile' } },
};

/** Where that is shown which an entry of the audit log is about; `null` when it has no view, or no longer exists. */
export function placeOfObject({
  action,
  object_type,
  object_id,
}: Pick<AuditEntry, 'action' | 'object_type' | 'object_id'>): Place | null {
  if (action.startsWith('delete')) return null;
  const view = viewOfId(object_id);
  if (view !== null) return { to: view };
  return Object.hasOwn(places, object_type) ? (places[object_type] ?? null) : null;
}
