import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import type { RowRange } from '../../show/lay-out-rows.ts';

/** Which open deliveries to watch: those in view before all others. */
export function chooseWatched(rows: readonly Delivery[], { first, last }: RowRange, max: number): readonly string[] {
  const openIds = (part: readonly Delivery[]): string[] =>
    part.flatMap(({ id, status }) => (isOpen(status) ? [id] : []));
  const inView = rows.slice(first, last + 1);
  const others = [...rows.slice(0, first), ...rows.slice(last + 1)];
  return [...openIds(inView), ...openIds(others)].slice(0, max);
}
