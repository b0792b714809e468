import { Badge } from '@mantine/core';
import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import {
  IconArrowsRight,
  IconBan,
  IconCheck,
  IconClock,
  IconRefresh,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';

const looks: Readonly<Record<DeliveryStatus, { readonly color: string; readonly icon: TablerIcon }>> = {
  pending: { color: 'blue', icon: IconClock },
  retrying: { color: 'orange', icon: IconRefresh },
  succeeded: { color: 'green', icon: IconCheck },
  failed: { color: 'red', icon: IconX },
  cancelled: { color: 'gray', icon: IconBan },
  skipped: { color: 'gray', icon: IconArrowsRight },
};

/** A delivery's status: its word as the API has it, and an icon, so that nobody depends on the colour. */
export function StatusBadge({ status }: { readonly status: DeliveryStatus }) {
  const { color, icon: Icon } = looks[status];
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content" leftSection={<Icon size={12} aria-hidden />}>
      {status}
    </Badge>
  );
}
