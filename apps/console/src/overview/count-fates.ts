import type { DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import type { Stats } from '@posthorn/http-api/stats';

/** What became of deliveries, in the order in which a bar is built up. */
export const fates = ['succeeded', 'failed', 'open', 'unsent'] as const;
export type Fate = (typeof fates)[number];
export type FateCounts = Readonly<Record<Fate, number>>;

/** As they are called beside a number. */
export const fateNames: Readonly<Record<Fate, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  open: 'open',
  unsent: 'cancelled or skipped',
};

/** The statuses behind each. */
export const statusesOf: Readonly<Record<Fate, readonly DeliveryStatus[]>> = {
  succeeded: ['succeeded'],
  failed: ['failed'],
  open: ['pending', 'retrying'],
  unsent: ['cancelled', 'skipped'],
};

/** How many deliveries came to each end, or to none yet. */
export function countFates(byStatus: Stats['deliveries']['by_status']): FateCounts {
  const count = (fate: Fate): number => statusesOf[fate].reduce((sum, status) => sum + byStatus[status], 0);
  return { succeeded: count('succeeded'), failed: count('failed'), open: count('open'), unsent: count('unsent') };
}

export const sumFates = (counts: FateCounts): number => fates.reduce((sum, fate) => sum + counts[fate], 0);
