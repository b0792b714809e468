import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { actingTenant } from '../api/client.ts';
import { actAs } from '../api/session.ts';
import { tenantsQuery } from '../api/tenants.ts';
import { spellInvisible } from '../show/mark-invisible.ts';

/** As which tenant the operator acts. */
export function OperatorPicker() {
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
