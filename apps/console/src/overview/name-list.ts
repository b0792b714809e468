import { type DeliveryFilter, readStatuses } from '../webhooks/deliveries/delivery-filter.ts';

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** Which deliveries the list under a filter shows, as a link to it says; the span of time is the overview's. */
export function nameList({ status, overdue }: Pick<DeliveryFilter, 'status' | 'overdue'>): string {
  const which = overdue ? 'overdue' : inWords.format(readStatuses(status)) || 'all';
  return `${which.slice(0, 1).toUpperCase()}${which.slice(1)} deliveries`;
}
