import type { Transaction } from '../open-database.ts';
import type { EventRequest, Settled } from './event-request.ts';

interface KnownKey {
  readonly eventId: string;
  readonly digest: Uint8Array;
}

async function readKeys(tx: Transaction, requests: readonly EventRequest[]): Promise<Map<string, KnownKey>> {
  const keys = requests.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []));
  const tenantId = requests[0]?.events[0].tenantId;
  if (keys.length === 0 || tenantId === undefined) return new Map();
  const found = await tx.event.findMany({
    where: { tenantId, idempotencyKey: { in: keys } },
    select: { id: true, idempotencyKey: true, requestDigest: true },
  });
  return new Map(
    found.map(({ id, idempotencyKey, requestDigest }) => [
      idempotencyKey ?? '',
      { eventId: id, digest: requestDigest ?? new Uint8Array() },
    ]),
  );
}

/**
 * Looks for events that earlier requests with the same keys stored, or that an earlier request of this batch will.
 *
 * @param requests all of one tenant
 * @returns per request: the event that answers it, a conflict (same key, another body), or `null` when the key is new
 */
export async function findByIdempotencyKey(
  tx: Transaction,
  requests: readonly EventRequest[],
): Promise<(Settled | null)[]> {
  const known = await readKeys(tx, requests);
  return requests.map(({ idempotency, events }) => {
    if (!idempotency) return null;
    const { key, digest } = idempotency;
    const first = known.get(key);
    if (!first) {
      known.set(key, { eventId: events[0].id, digest });
      return null;
    }
    return digest.equals(first.digest) ? { kind: 'late', eventId: first.eventId } : { kind: 'key_conflict', key };
  });
}
