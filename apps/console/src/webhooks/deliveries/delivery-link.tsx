import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readDeliveryFilter } from './delivery-filter.ts';

/** Leads to a delivery beside the list, which keeps its filters. It is left out of the order of tabs: Enter on its row does the same. */
export function DeliveryLink({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId: id }} search={readDeliveryFilter} tabIndex={-1}>
      {children}
    </Link>
  );
}
