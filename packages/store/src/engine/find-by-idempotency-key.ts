import type { Transaction } from '../open-database.ts';
import type { EventRequest, RequestKey, Settled } from './event-request.ts';

interface KnownKey {
  readonly digest: Uint8Array;
  readonly answer: Settled;
}

const nameOf = ({ key, position }: Pick<RequestKey, 'key' | 'position'>): string => JSON.stringify([key, position]);

async function readKeys(tx: Transaction, requests: readonly EventRequest[]): Promise<Map<string, KnownKey>> {
  const keys = requests.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []));
  const tenantId = requests[0]?.events[0].tenantId;
  if (keys.length === 0 || tenantId === undefined) return new Map();
  const found = await tx.idempotencyKey.findMany({ where: { tenantId, key: { in: [...new Set(keys)] } } });
  return new Map(
    found.map(({ key, position, digest, eventId }) => [
      nameOf({ key, position }),
      { digest, answer: { kind: 'late', eventId } },
    ]),
  );
}

/**
 * Looks for events that earlier requests with the same keys were answered with, or that an earlier request of this
 * batch will be.
 *
 * @param requests all of one tenant
 * @returns per request: what answers it, a conflict (same key, another body), or `null` when the key is new
 */
export async function findByIdempotencyKey(
  tx: Transaction,
  requests: readonly EventRequest[],
): Promise<(Settled | null)[]> {
  const known = await readKeys(tx, requests);
  return requests.map(({ idempotency }, index) => {
    if (!idempotency) return null;
    const first = known.get(nameOf(idempotency));
    if (first)
      return idempotency.digest.equals(first.digest) ? first.answer : { kind: 'key_conflict', key: idempotency.key };
    known.set(nameOf(idempotency), { digest: idempotency.digest, answer: { kind: 'same', index } });
    return null;
  });
}
