import { IconBolt, IconChartBar, IconListDetails, IconSettings, IconSignature, IconWebhook } from '@tabler/icons-react';

/** The views that the navigation and the command palette lead to. `key`: pressed after `g`. */
export const views = [
  { to: '/', label: 'Overview', key: 'o', icon: IconChartBar },
  { to: '/webhooks', label: 'Webhooks', key: 'w', icon: IconWebhook },
  { to: '/events', label: 'Events', key: 'e', icon: IconBolt },
  { to: '/event-types', label: 'Event types', key: 't', icon: IconListDetails },
  { to: '/signatures', label: 'Signatures', key: 's', icon: IconSignature },
  { to: '/settings', label: 'Settings', key: 'c', icon: IconSettings },
] as const;
