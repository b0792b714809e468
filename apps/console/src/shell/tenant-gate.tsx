import { Button, Stack, Text, TextInput } from '@mantine/core';
import type { Session } from '@posthorn/http-api/session';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { actingTenant } from '../api/client.ts';
import { actAs } from '../api/session.ts';
import { type TenantRow, tenantsQuery } from '../api/tenants.ts';
import { ForeignText } from '../show/foreign-text.tsx';
import { ListEmpty, ListFailed, ListLoading } from '../show/list-states.tsx';
import { PageHead } from '../show/page-head.tsx';

/** From here on, tenants are looked for by name. */
const MANY_TENANTS = 10;

/** Every view is of one tenant: the operator chooses one first. */
export function TenantGate({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  if (session.kind === 'tenant') return children;
  return <ChosenTenant>{children}</ChosenTenant>;
}

function ChosenTenant({ children }: { readonly children: ReactNode }) {
  const tenants = useQuery(tenantsQuery);
  if (tenants.isPending) return <ListLoading />;
  if (tenants.error) return <ListFailed error={tenants.error} onRetry={() => void tenants.refetch()} />;
  const { rows, more } = tenants.data;
  const acting = actingTenant();
  // One beyond those that are listed may exist; if not, each view says so.
  if (rows.some(({ id }) => id === acting) || (more && acting !== null)) return children;
  if (rows.length === 0) {
    return (
      <ListEmpty title="There is no tenant yet">
        <Text>
          Make one with <code>POST /v1/tenants</code>; its answer has the tenant’s first API key.
        </Text>
      </ListEmpty>
    );
  }
  return <ChooseTenant rows={rows} more={more} />;
}

function ChooseTenant({ rows, more }: { readonly rows: readonly TenantRow[]; readonly more: boolean }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = rows.filter(({ id, name }) => id === wanted || name.toLowerCase().includes(wanted));
  return (
    <Stack maw={520}>
      <PageHead title="As which tenant?" />
      <Text size="sm">Every view shows one tenant. You can change it at the top of the page.</Text>
      {rows.length > MANY_TENANTS && (
        <TextInput label="Name or id" value={text} onChange={(event) => setText(event.currentTarget.value)} autoFocus />
      )}
      {found.map(({ id, name, profile }) => (
        <Button key={id} variant="default" h="auto" py="xs" justify="flex-start" onClick={() => actAs(id)}>
          <Stack
            gap={0}
            align="flex-start"
            style={{ whiteSpace: 'normal', overflowWrap: 'anywhere', textAlign: 'left' }}
          >
            <ForeignText text={name} />
            <Text size="xs" span>
              {profile} · {id}
            </Text>
          </Stack>
        </Button>
      ))}
      {found.length === 0 && <Text role="status">No tenant of that name.</Text>}
      {more && <Text size="sm">Only the newest {rows.length} tenants are listed.</Text>}
    </Stack>
  );
}
