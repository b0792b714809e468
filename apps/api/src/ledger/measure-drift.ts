import type { Producer } from '@posthorn/queue/create-producer';
import { listDueDeliveries } from '@posthorn/store/engine/list-due-deliveries';
import type { Database } from '@posthorn/store/open-database';

/** What has been due for less may be on its way into the queue, or being repaired. */
const GRACE_MS = 2_000;
const MAX_ROWS = 1_000;

/**
 * How far PostgreSQL and the queue are apart: due deliveries without a job, among the longest waiting.
 *
 * @returns `null` when the queue cannot be asked
 */
export async function measureDrift(database: Database, producer: Pick<Producer, 'findJobs'>): Promise<number | null> {
  const { rows } = await listDueDeliveries(database, GRACE_MS, null, MAX_ROWS);
  const jobs = rows.map(({ id, endpointId, generation }) => ({ deliveryId: id, endpointId, generation }));
  const found = await producer.findJobs(jobs).catch(() => null);
  return found && found.filter((job) => job !== 'due').length;
}
