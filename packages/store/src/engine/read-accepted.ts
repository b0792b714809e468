import { numberOf } from '../number-of.ts';
import type { Transaction } from '../open-database.ts';
import { eventColumns } from '../tenant/list-events.ts';
import type { AcceptedEvent } from './event-request.ts';

/** Reads accepted events as their first answers showed them, by id. */
export async function readAccepted(tx: Transaction, ids: readonly string[]): Promise<Map<string, AcceptedEvent>> {
  if (ids.length === 0) return new Map();
  const events = await tx.event.findMany({ where: { id: { in: [...ids] } }, select: eventColumns });
  const otherIds = events.flatMap(({ firedWith }) => (firedWith === null ? [] : [firedWith]));
  const others = await tx.event.findMany({ where: { id: { in: otherIds } }, select: { id: true, type: true } });
  const otherById = new Map(others.map((other) => [other.id, other]));
  return new Map(
    events.map(({ firedWith, aggregateVersion, ...event }) => [
      event.id,
      {
        ...event,
        aggregateVersion: numberOf(aggregateVersion),
        firedWith: (firedWith && otherById.get(firedWith)) || null,
      },
    ]),
  );
}
