import { Stack } from '@mantine/core';
import { getRouteApi, Outlet, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { type DeliveryFilter, fieldsOf } from './delivery-filter.ts';
import { DeliveryList } from './delivery-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { ReplayedContext } from './replayed-context.ts';
import { useReplayed } from './use-replayed.ts';

const route = getRouteApi('/signed-in/webhooks/deliveries');

/** The list of deliveries; one that is opened stands beside it. */
export function DeliveriesPage() {
  const filter = route.useSearch();
  const navigate = useNavigate();
  const search = useRef<HTMLInputElement>(null);
  const replayed = useReplayed();
  const key = JSON.stringify(filter);
  // A range counts back from when it was chosen, not from every drawing of the page.
  const fields = useMemo(() => fieldsOf(JSON.parse(key) as DeliveryFilter, Date.now()), [key]);
  const open = (deliveryId: string): void =>
    void navigate({ to: '/webhooks/deliveries/$deliveryId', params: { deliveryId }, search: filter });
  const change = (next: DeliveryFilter): void => void navigate({ to: '/webhooks', search: next });
  return (
    <Stack gap="sm">
      <FilterBar filter={filter} onChange={change} onOpen={open} search={search} />
      <ReplayedContext value={replayed}>
        <DeliveryList
          key={key}
          filter={filter}
          fields={fields}
          onOpen={open}
          onClear={() => change({})}
          search={search}
        >
          <Outlet />
        </DeliveryList>
      </ReplayedContext>
    </Stack>
  );
}
