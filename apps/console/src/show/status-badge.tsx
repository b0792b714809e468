import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import { IconArrowsRight, IconBan, IconCheck, IconClock, IconRefresh, IconX } from '@tabler/icons-react';
import { type BadgeLook, IconBadge } from './icon-badge.tsx';

const looks: Readonly<Record<DeliveryStatus, BadgeLook>> = {
  pending: { color: 'blue', icon: IconClock },
  retrying: { color: 'orange', icon: IconRefresh },
  succeeded: { color: 'green', icon: IconCheck },
  failed: { color: 'red', icon: IconX },
  cancelled: { color: 'gray', icon: IconBan },
  skipped: { color: 'gray', icon: IconArrowsRight },
};

/** A delivery's status: its word as the API has it. */
export const StatusBadge = ({ status }: { readonly status: DeliveryStatus }) => (
  <IconBadge look={looks[status]}>{status}</IconBadge>
);
