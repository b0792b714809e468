import type { AuditEntry } from '@posthorn/http-api/audit-log';
import { readId } from '../address/read-id.ts';
import { readText } from '../address/read-text.ts';
import type { QueryFields } from '../api/client.ts';

export const settingsTabs = [
  { tab: 'profile', label: 'Profile' },
  { tab: 'keys', label: 'API keys' },
  { tab: 'audit', label: 'Audit log' },
  { tab: 'notifications', label: 'Notifications' },
  { tab: 'usage', label: 'Usage' },
] as const;
export type SettingsTab = (typeof settingsTabs)[number]['tab'];

export const auditActors = ['key', 'operator', 'posthorn'] as const satisfies readonly AuditEntry['actor'][];
/** Spans that end now. */
export const auditRanges = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type AuditRange = keyof typeof auditRanges;

/** What the audit log is narrowed to, as the address holds it. */
export interface AuditFilter {
  readonly actor?: AuditEntry['actor'];
  readonly action?: string;
  readonly object_id?: string;
  readonly key_id?: string;
  readonly range?: AuditRange;
}

/** Which tab is open, and the filters of the audit log. */
export interface SettingsSearch extends AuditFilter {
  readonly tab?: SettingsTab;
}

/** As the API has them, in code points. */
const ACTION_MAX_CHARACTERS = 64;
const OBJECT_MAX_CHARACTERS = 500;

/** How each text is read; `null` for what is none. */
const texts: readonly (readonly [name: keyof AuditFilter, read: (value: unknown) => string | null])[] = [
  ['action', (value) => readText(value, ACTION_MAX_CHARACTERS)],
  ['object_id', (value) => readText(value, OBJECT_MAX_CHARACTERS)],
  ['key_id', (value) => readId(value, 'apiKey')],
];

/** Reads an address; what is not a setting's is left out. */
export function readSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = settingsTabs.find((known) => known.tab === search['tab'])?.tab;
  const actor = auditActors.find((known) => known === search['actor']);
  const range = (Object.keys(auditRanges) as AuditRange[]).find((known) => known === search['range']);
  const found = texts
    .map(([name, readValue]) => [name, readValue(search[name])] as const)
    .filter(([, text]) => text !== null);
  return { ...(tab && { tab }), ...(actor && { actor }), ...(range && { range }), ...Object.fromEntries(found) };
}

/** @param now ms since the epoch, from which a range counts back */
export const auditFields = ({ range, actor, action, object_id, key_id }: AuditFilter, now: number): QueryFields => ({
  actor,
  action,
  object_id,
  key_id,
  created_after: range && new Date(now - auditRanges[range]).toISOString(),
});

export const isAuditFiltered = ({ actor, action, object_id, key_id, range }: AuditFilter): boolean =>
  [actor, action, object_id, key_id, range].some(Boolean);
