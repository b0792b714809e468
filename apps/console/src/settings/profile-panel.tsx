import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { profilesQuery } from '../api/profiles.ts';
import { tenantQuery } from '../api/settings.ts';
import { useSession } from '../shell/use-session.ts';
import { ListFailed, ListLoading } from '../show/list-states.tsx';
import { ProfileContract } from './profile-contract.tsx';
import { useTenantId } from './use-tenant-id.ts';

/** The name of the tenant's profile: a key knows its own, the operator asks. */
function useProfileName(): string | null {
  const session = useSession();
  const tenant = useQuery({ ...tenantQuery(useTenantId()), enabled: session.kind === 'operator' });
  return session.profile ?? tenant.data?.profile ?? null;
}

/** The contract under which the tenant's events are delivered, and the others it could have. */
export function ProfilePanel() {
  const profiles = useQuery(profilesQuery);
  const current = useProfileName();
  const [chosen, setChosen] = useState<string | null>(null);
  if (profiles.isPending) return <ListLoading />;
  if (profiles.error) return <ListFailed error={profiles.error} onRetry={() => void profiles.refetch()} />;
  const own = profiles.data.filter(({ source }) => source === 'tenant');
  const builtIn = profiles.data.filter(({ source }) => source !== 'tenant');
  const name = chosen ?? current;
  const shown = profiles.data.find((profile) => profile.name === name);
  return (
    <Stack>
      <Text size="sm" maw={720}>
        A profile is a delivery contract: what may be sent, in which envelope, signed how, and tried when. The tenant’s
        is <b>{current ?? '…'}</b>. The operator changes it with <code>PATCH /v1/tenants/…</code>; what was accepted
        before keeps the contract that it was accepted under.
      </Text>
      <Group align="flex-end">
        <Select
          label="Show the profile"
          data={[
            { group: 'Your own', items: own.map((profile) => profile.name) },
            { group: 'Built-in', items: builtIn.map((profile) => profile.name) },
          ].filter(({ items }) => items.length > 0)}
          value={name}
          onChange={setChosen}
          allowDeselect={false}
          w={260}
        />
        {name === current ? (
          <Badge size="lg" variant="light" tt="none" mb={5}>
            the tenant’s
          </Badge>
        ) : (
          <Button variant="default" onClick={() => setChosen(null)}>
            Back to {current}
          </Button>
        )}
      </Group>
      {own.length === 0 && (
        <Text size="sm" maw={720}>
          You have no profile of your own. Make one with <code>POST /v1/profiles</code>: it takes over a built-in one
          and overrides any part of it.
        </Text>
      )}
      {shown && <ProfileContract key={shown.name} profile={shown} />}
    </Stack>
  );
}
