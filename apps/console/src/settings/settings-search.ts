import type { AuditEntry } from '@posthorn/http-api/audit-log';
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

const TEXTS = ['action', 'object_id', 'key_id'] as const;

/** The router reads what looks like a number in an address as one. */
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

/** Reads an address; what is not a setting's is left out. */
export function readSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = settingsTabs.find((known) => known.tab === search['tab'])?.tab;
  const actor = auditActors.find((known) => known === search['actor']);
  const range = (Object.keys(auditRanges) as AuditRange[]).find((known) => known === search['range']);
  const texts = TEXTS.map((name) => [name, textOf(search[name])] as const).filter(([, text]) => text !== '');
  return { ...(tab && { tab }), ...(actor && { actor }), ...(range && { range }), ...Object.fromEntries(texts) };
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
