import type { Database } from '../open-database.ts';
import type { EventRequest } from './event-request.ts';

async function findGone(database: Database, ids: readonly string[]): Promise<string[]> {
  const kept = await database.event.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
  const there = new Set(kept.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}

/**
 * Forgets the keys of these requests, and their pairs, whose answers were events that are kept no longer: the requests are
 * new ones then.
 *
 * @param requests all of one tenant
 */
export async function forgetAnswers(database: Database, requests: readonly EventRequest[]): Promise<void> {
  const tenantId = requests[0]?.events[0].tenantId;
  if (tenantId === undefined) return;
  const keys = requests.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []));
  const jobs = requests.flatMap(({ firesPairFor }) => (firesPairFor === null ? [] : [firesPairFor]));
  const keyed = { tenantId, key: { in: [...new Set(keys)] } };
  const paired = { tenantId, jobId: { in: [...new Set(jobs)] }, answer: null };
  const select = { eventId: true };
  const found = [
    ...(await database.idempotencyKey.findMany({ where: keyed, select })),
    ...(await database.firedPair.findMany({ where: paired, select })),
  ];
  const eventId = { in: await findGone(database, [...new Set(found.map((row) => row.eventId))]) };
  await database.idempotencyKey.deleteMany({ where: { ...keyed, eventId } });
  await database.firedPair.deleteMany({ where: { ...paired, eventId } });
}
