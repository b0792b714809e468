import { Badge, Select } from '@mantine/core';
import type { Session } from '@posthorn/http-api/session';
import { useQuery } from '@tanstack/react-query';
import { actingTenant } from '../api/client.ts';
import { actAs } from '../api/session.ts';
import { tenantsQuery } from '../api/tenants.ts';
import { spellInvisible } from '../show/mark-invisible.ts';

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
  const choose = (id: string | null): void => {
    if (id !== null) actAs(id);
  };
  return (
    <Select
      aria-label="Tenant"
      placeholder="Tenant"
      size="xs"
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such tenant"
      data={(data?.rows ?? []).map(({ id, name }) => ({ value: id, label: spellInvisible(name) }))}
      value={actingTenant()}
      onChange={choose}
      miw={0}
      maw={180}
    />
  );
}
