import { Code, List, Stack, Text, Title } from '@mantine/core';
import type { Profile } from '@posthorn/http-api/profile';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { profilesQuery } from '../api/profiles.ts';
import { ownActsQuery, tenantQuery } from '../api/settings.ts';
import { useMay, useSession } from '../shell/use-session.ts';
import { ListFailed, ListLoading } from '../show/list-states.tsx';
import { AuditRow } from './audit-row.tsx';
import { TenantEmail } from './tenant-email.tsx';
import { useTenantId } from './use-tenant-id.ts';

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

/** Whom mails go to. A tenant's key cannot read the address. */
function Recipient() {
  const { kind } = useSession();
  const tenantId = useTenantId();
  const tenant = useQuery({ ...tenantQuery(tenantId), enabled: kind === 'operator' });
  if (kind !== 'operator') {
    return (
      <Text size="sm">
        Mails go to the e-mail address that the operator keeps for you. Ask them to set or change it (
        <Code>PATCH /v1/tenants/…</Code> with <Code>email</Code>).
      </Text>
    );
  }
  if (tenant.isPending) return <ListLoading />;
  if (tenant.error) return <ListFailed error={tenant.error} onRetry={() => void tenant.refetch()} />;
  return <TenantEmail key={tenant.data.email} tenantId={tenantId} email={tenant.data.email} />;
}

function Occasions({ profile }: { readonly profile: Profile | undefined }) {
  const disables = profile?.on_exhausted === 'disable-endpoint' || profile?.gone_disables === true;
  return (
    <List size="sm" spacing="xs">
      <List.Item>
        <b>An endpoint keeps failing.</b> Once, when every attempt to it has failed for as long as its failure policy
        says; without one, as <Code>ENDPOINT_WARN_AFTER_SECONDS</Code> says.
      </List.Item>
      <List.Item>
        <b>An endpoint was disabled because it kept failing.</b> After the time in its failure policy or in{' '}
        <Code>ENDPOINT_DISABLE_AFTER_SECONDS</Code>.
      </List.Item>
      <List.Item>
        <b>An endpoint was disabled by a delivery that failed for good.</b>{' '}
        {disables
          ? `In the profile ${profile.name}: ${[
              ...(profile.on_exhausted === 'disable-endpoint' ? ['when its attempts are used up'] : []),
              ...(profile.gone_disables ? ['when the receiver answers 410 Gone'] : []),
            ].join(', and ')}.`
          : `Not in the profile ${profile?.name ?? 'of this tenant'}, which leaves endpoints enabled.`}
      </List.Item>
    </List>
  );
}

function OwnActs() {
  const acts = useQuery(ownActsQuery);
  if (acts.isPending) return <ListLoading />;
  if (acts.error) return <ListFailed error={acts.error} onRetry={() => void acts.refetch()} />;
  if (acts.data.data.length === 0) return <Text size="sm">Nothing so far: no endpoint was disabled.</Text>;
  return (
    <>
      <Stack gap={0} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {acts.data.data.map((entry) => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </Stack>
      <Text size="sm">
        <Link to="/settings" search={{ tab: 'audit', actor: 'posthorn' }}>
          All of it in the audit log
        </Link>
      </Text>
    </>
  );
}

/** Whom Posthorn mails, when, and what the operator sets for it. */
export function NotificationsPanel() {
  const session = useSession();
  const mayRead = useMay('webhooks:read');
  const profiles = useQuery(profilesQuery);
  const tenant = useQuery({ ...tenantQuery(useTenantId()), enabled: session.kind === 'operator' });
  const name = session.profile ?? tenant.data?.profile;
  return (
    <Stack gap="lg" maw={720}>
      <Section title="Whom mails go to">
        <Recipient />
      </Section>
      <Section title="What is mailed">
        <Occasions profile={profiles.data?.find((profile) => profile.name === name)} />
        <Text size="sm">
          A mail says which endpoint, why, the last answer, how to enable it again, and how to recover what it missed.
        </Text>
      </Section>
      <Section title="What the operator sets">
        <List size="sm" spacing="xs">
          <List.Item>
            <Code>SMTP_URL</Code> and <Code>MAIL_FROM</Code>: the mail server and the sender. Without them, or without
            an address, nobody is mailed; it stands in the log and below.
          </List.Item>
          <List.Item>
            <Code>ENDPOINT_WARN_AFTER_SECONDS</Code> and <Code>ENDPOINT_DISABLE_AFTER_SECONDS</Code>: for endpoints
            without a failure policy of their own. Both are off unless set.
          </List.Item>
        </List>
      </Section>
      {mayRead && (
        <Section title="What Posthorn did by itself lately">
          <OwnActs />
        </Section>
      )}
    </Stack>
  );
}
