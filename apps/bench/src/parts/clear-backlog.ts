import { setTimeout as delay } from 'node:timers/promises';
import { createProducer } from '@posthorn/queue/create-producer';
import pg from 'pg';
import type { System } from './system.ts';

const POLL_MS = 20;

/** A queue that is reached; it must be closed. */
export async function openQueue(redisUrl: string) {
  const queue = createProducer({ redisUrl, shards: 1, onError: () => undefined });
  const answers = (): Promise<boolean> =>
    queue.ping().then(
      () => true,
      () => false,
    );
  while (!(await answers())) await delay(POLL_MS);
  return queue;
}

/** Nothing of what a figure left undelivered is to be the next one's work. */
export async function clearBacklog({ databaseUrl, redisUrl }: System): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `UPDATE deliveries SET status = 'cancelled', due_at = NULL, completed_at = now(), parked = false,
                           lease_token = NULL, leased_at = NULL, lease_until = NULL
     WHERE status IN ('pending', 'retrying')`,
  );
  await client.query('VACUUM ANALYZE deliveries');
  await client.end();
  const queue = await openQueue(redisUrl);
  await queue.command('FLUSHDB');
  await queue.close();
}
