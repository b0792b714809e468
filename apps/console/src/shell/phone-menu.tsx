import { Stack, Text } from '@mantine/core';
import type { Session } from '@posthorn/http-api/session';
import { ForeignText } from '../show/foreign-text.tsx';
import { ZoneSwitch } from './zone-switch.tsx';

/** In the menu of a phone: what its head has no room for. */
export function PhoneMenu({ session: { tenant_name, tenant_id } }: { readonly session: Session }) {
  const tenant = tenant_name ?? tenant_id;
  return (
    <Stack gap="xs" p="xs" align="flex-start" hiddenFrom="xs">
      {tenant !== null && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          Tenant <ForeignText text={tenant} />
        </Text>
      )}
      <ZoneSwitch isSpare />
    </Stack>
  );
}
