import { formatCount } from '../show/format-count.ts';
import { type FateCounts, fateNames, fates, sumFates } from './count-fates.ts';

/** Deliveries in words, for example `40 succeeded, 2 open`. */
export function describeFates(counts: FateCounts): string {
  if (sumFates(counts) === 0) return 'no deliveries';
  const present = fates.filter((fate) => counts[fate] > 0);
  return present.map((fate) => `${formatCount(counts[fate])} ${fateNames[fate]}`).join(', ');
}
