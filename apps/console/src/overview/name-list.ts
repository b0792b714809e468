import type { DeliveryFilter } from '../webhooks/deliveries/delivery-filter.ts';

/** What the list under a filter shows, as a link to it says. */
export const nameList = ({ status }: Pick<DeliveryFilter, 'status'>): string =>
  status === undefined ? 'All deliveries' : `${status.slice(0, 1).toUpperCase()}${status.slice(1)} deliveries`;
