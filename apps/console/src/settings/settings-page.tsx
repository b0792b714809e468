import { Link, useSearch } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { LinkTabs, tabLinkClass } from '../show/link-tabs.tsx';
import { PageHead } from '../show/page-head.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { NotificationsPanel } from './notifications-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { type SettingsTab, settingsTabs } from './settings-search.ts';
import { UsagePanel } from './usage-panel.tsx';

const panels: Readonly<Record<SettingsTab, ComponentType>> = {
  profile: ProfilePanel,
  keys: KeysPanel,
  audit: AuditPanel,
  notifications: NotificationsPanel,
  usage: UsagePanel,
};

/** What is fixed for the tenant: its delivery contract, keys, who changed what, mails, and what it has used. */
export function SettingsPage() {
  const { tab = 'profile' } = useSearch({ from: '/signed-in/settings' });
  const Panel = panels[tab];
  return (
    <>
      <PageHead title="Settings" />
      <LinkTabs label="Settings">
        {settingsTabs.map((each) => (
          <Link
            key={each.tab}
            to="/settings"
            search={{ tab: each.tab }}
            className={tabLinkClass}
            aria-current={each.tab === tab ? 'page' : undefined}
            activeProps={{}}
          >
            {each.label}
          </Link>
        ))}
      </LinkTabs>
      <Panel />
    </>
  );
}
