import type { Transaction } from '../open-database.ts';
import type { EventRequest, Settled } from './event-request.ts';

/** The row itself is the compare-and-swap: whoever inserts it fires the pair, everyone else waits for that commit. */
async function fire(tx: Transaction, tenantId: string, jobId: string, eventId: string): Promise<boolean> {
  const inserted = await tx.$executeRaw`
    INSERT INTO fired_pairs (tenant_id, job_id, event_id) VALUES (${tenantId}::uuid, ${jobId}, ${eventId}::uuid)
    ON CONFLICT DO NOTHING`;
  return inserted === 1;
}

/**
 * Settles which requests for a pair fire it, in order; a request that comes too late gets the first one's answer.
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
  for (const [index, request] of requests.entries()) {
    const [event] = request.events;
    if (settled[index] !== null) continue;
    if (request.endsPairOf !== null) {
      await tx.firedPair.deleteMany({ where: { tenantId: event.tenantId, jobId: request.endsPairOf } });
    }
    const jobId = request.firesPairFor;
    if (jobId === null || (await fire(tx, event.tenantId, jobId, event.id))) continue;
    const first = await tx.firedPair.findUniqueOrThrow({
      where: { tenantId_jobId: { tenantId: event.tenantId, jobId } },
    });
    settled[index] = { kind: 'late', eventId: first.eventId };
  }
  return settled;
}
