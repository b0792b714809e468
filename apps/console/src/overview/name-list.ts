import { type DeliveryFilter, type Range, readStatuses } from '../webhooks/deliveries/delivery-filter.ts';

const spans: Readonly<Record<Range, string>> = {
  '1h': ' made in the last hour',
  '24h': ' made in the last 24 hours',
  '7d': ' made in the last 7 days',
};
const inWords = new Intl.ListFormat('en', { type: 'conjunction' });

/** What the list under a filter shows, as a link to it says. */
export function nameList({ status, overdue, range }: Pick<DeliveryFilter, 'status' | 'overdue' | 'range'>): string {
  const which = overdue ? 'overdue' : inWords.format(readStatuses(status)) || 'all';
  return `${which.slice(0, 1).toUpperCase()}${which.slice(1)} deliveries${range ? spans[range] : ''}`;
}
