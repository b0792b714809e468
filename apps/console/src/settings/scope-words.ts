import type { Scope } from '@posthorn/domain/scopes';

/** What each scope lets a key do. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  'webhooks:read': 'See endpoints, events, deliveries and the audit log',
  'webhooks:write': 'Change endpoints, event types and profiles, send tests, replay and recover; reading is included',
  'events:write': 'Post events',
  'connections:read': 'See where the subjects of lifecycles stand',
  'connections:write': 'Move the subjects of lifecycles; seeing is included',
  'usage:read': 'See usage and quotas',
  'apps:admin': 'Everything, for every tenant: the operator’s',
};
