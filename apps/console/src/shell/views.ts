import type { Scope } from '@posthorn/domain/scopes';
import {
  IconBolt,
  IconChartBar,
  IconListDetails,
  IconSettings,
  IconSignature,
  IconWebhook,
  type TablerIcon,
} from '@tabler/icons-react';

/** A view that the navigation and the command palette lead to. */
export interface View {
  readonly to: '/' | '/webhooks' | '/events' | '/event-types' | '/signatures' | '/settings';
  readonly label: string;
  /** Pressed after `g`. */
  readonly key: string;
  readonly icon: TablerIcon;
  /** The scope that opens the view; `null`: every key does. */
  readonly scope: Scope | null;
  /** What it shows, as in "may not see …". */
  readonly shows: string;
}

const scope = 'webhooks:read';

export const views: readonly View[] = [
  { to: '/', label: 'Overview', key: 'o', icon: IconChartBar, scope, shows: 'how deliveries fare' },
  { to: '/webhooks', label: 'Webhooks', key: 'w', icon: IconWebhook, scope, shows: 'endpoints and deliveries' },
  { to: '/events', label: 'Events', key: 'e', icon: IconBolt, scope, shows: 'events' },
  { to: '/event-types', label: 'Event types', key: 't', icon: IconListDetails, scope, shows: 'event types' },
  { to: '/signatures', label: 'Signatures', key: 's', icon: IconSignature, scope, shows: 'how signatures are checked' },
  { to: '/settings', label: 'Settings', key: 'c', icon: IconSettings, scope: null, shows: 'settings' },
];

/** The view that an address belongs to, with all beneath it; `undefined`: none. */
export const viewAt = (path: string): View | undefined =>
  views.find(({ to }) => path === to || (to !== '/' && path.startsWith(`${to}/`)));
