import { numberOf } from '../number-of.ts';
import type { Transaction } from '../open-database.ts';
import type { AcceptedEvent } from './event-request.ts';

const columns = {
  id: true,
  type: true,
  jobId: true,
  createdAt: true,
  deliveryCount: true,
  aggregateVersion: true,
  firedWith: true,
} as const;

/** Reads an accepted event as its first answer showed it. */
export async function readAccepted(tx: Transaction, id: string): Promise<AcceptedEvent> {
  const { firedWith, aggregateVersion, ...event } = await tx.event.findUniqueOrThrow({
    where: { id },
    select: columns,
  });
  const other = firedWith && (await tx.event.findUniqueOrThrow({ where: { id: firedWith }, select: columns }));
  return {
    ...event,
    aggregateVersion: numberOf(aggregateVersion),
    firedWith: other ? { id: other.id, type: other.type } : null,
  };
}
