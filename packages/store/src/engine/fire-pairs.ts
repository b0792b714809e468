import type { Transaction } from '../open-database.ts';
import type { AcceptedEvent, EventRequest, Settled } from './event-request.ts';

/** An answer as it was kept beside its pair. @param answer JSON text, or `null` */
function readAnswer(answer: string | null): AcceptedEvent | null {
  if (answer === null) return null;
  const kept = JSON.parse(answer) as Omit<AcceptedEvent, 'createdAt'> & { createdAt: number };
  return { ...kept, createdAt: new Date(kept.createdAt) };
}

/** The row itself is the compare-and-swap: whoever inserts it fires the pair, everyone else waits for that commit. */
async function fire(tx: Transaction, { events, pair }: EventRequest, jobId: string): Promise<boolean> {
  const [{ id, tenantId }] = events;
  const inserted = await tx.$executeRaw`
    INSERT INTO fired_pairs (tenant_id, job_id, pair, event_id)
    VALUES (${tenantId}::uuid, ${jobId}, ${pair}, ${id}::uuid)
    ON CONFLICT DO NOTHING`;
  return inserted === 1;
}

/** Between a lost race and the look at who won it, a third request may end the pair: then it may fire after all. */
async function fireOrFind(tx: Transaction, request: EventRequest, jobId: string): Promise<Settled | null> {
  const [{ tenantId }] = request.events;
  for (;;) {
    if (await fire(tx, request, jobId)) return null;
    const where = { tenantId_jobId_pair: { tenantId, jobId, pair: request.pair } };
    const first = await tx.firedPair.findUnique({ where });
    if (first) return { kind: 'late', eventId: first.eventId, kept: readAnswer(first.answer) };
  }
}

async function settle(tx: Transaction, request: EventRequest): Promise<Settled | null> {
  const { firesPairFor, endsPairOf, pair } = request;
  const [{ tenantId }] = request.events;
  if (endsPairOf !== null) await tx.firedPair.deleteMany({ where: { tenantId, jobId: endsPairOf, pair } });
  return firesPairFor === null ? null : fireOrFind(tx, request, firesPairFor);
}

const jobOf = ({ firesPairFor, endsPairOf }: EventRequest): string => firesPairFor ?? endsPairOf ?? '';

/**
 * Settles which requests for a pair fire it; of one jobId's in their order. A request that comes too late gets the first
 * one's answer. Subjects are locked in the order of their jobIds, so that batches which share some wait for each other
 * instead of deadlocking.
 *
 * @param known what is settled already; those requests are left alone
 * @returns `known`, with the late ones settled
 */
export async function firePairs(
  tx: Transaction,
  requests: readonly EventRequest[],
  known: readonly (Settled | null)[],
): Promise<(Settled | null)[]> {
  const settled = [...known];
  const open = requests
    .map((request, index) => ({ request, index, jobId: jobOf(request) }))
    .filter(({ index, jobId }) => settled[index] === null && jobId !== '')
    .sort((a, b) => (a.jobId < b.jobId ? -1 : a.jobId > b.jobId ? 1 : a.index - b.index));
  for (const { request, index } of open) settled[index] = await settle(tx, request);
  return settled;
}
