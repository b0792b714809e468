import { Badge, Select } from '@mantine/core';
import type { Session } from '@posthorn/http-api/session';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { actingTenant } from '../api/client.ts';
import { actAs, sessionKey } from '../api/session.ts';
import { tenantsQuery } from '../api/tenants.ts';

/** Whose data is shown. A tenant sees its name; the operator chooses. */
export function TenantPicker({ session }: { readonly session: Session }) {
  if (session.kind === 'operator') return <OperatorPicker />;
  return (
    <Badge variant="default" tt="none" visibleFrom="xs" maw={240}>
      {session.tenant_name ?? session.tenant_id}
    </Badge>
  );
}

function OperatorPicker() {
  const { data } = useQuery(tenantsQuery);
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState(actingTenant);
  const choose = (id: string | null): void => {
    if (id === null) return;
    actAs(id);
    setChosen(id);
    queryClient.removeQueries({
      predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] && queryKey[0] !== 'tenants',
    });
    // Views read anew as the other tenant; what they hold in their state is the former one's.
    window.location.reload();
  };
  return (
    <Select
      aria-label="Tenant"
      placeholder="Tenant"
      size="xs"
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such tenant"
      data={(data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen}
      onChange={choose}
      miw={0}
      maw={180}
    />
  );
}
