import { setTimeout as delay } from 'node:timers/promises';
import { clearBacklog, openQueue } from '../parts/clear-backlog.ts';
import { spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const POLL_MS = 1;
const JOBS_TIMEOUT_MS = 30_000;
/** Until the API knows that the queue has room again. */
const ROOM_KNOWN_MS = 200;
const PARALLEL = 20;
const EVENT = { type: 'domain.verified', jobId: 'fan-out', data: { hostname: 'app.customer.example' } };

/** Milliseconds from the post of one event to its 202, and to the moment when all its jobs exist. */
export async function measureFanOut(system: System, endpoints: number, rounds: number) {
  const key = await system.tenant();
  for (let made = 0; made < endpoints; made += PARALLEL) {
    const some = Array.from({ length: Math.min(PARALLEL, endpoints - made) }, (_, index) =>
      system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/ok?${made + index}`, events: [] }),
    );
    await Promise.all(some);
  }
  const queue = await openQueue(system.redisUrl);
  const countJobs = async (): Promise<number> =>
    Object.values(await queue.countJobs()).reduce((sum, count) => sum + count, 0);
  const answers: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await clearBacklog(system);
    await delay(ROOM_KNOWN_MS);
    const before = await countJobs();
    const startedAt = performance.now();
    const { deliveries } = await system.post<{ deliveries: number }>('/v1/events', key, EVENT);
    answers.push(performance.now() - startedAt);
    if (deliveries !== endpoints) throw new Error(`${deliveries} deliveries of ${endpoints} endpoints`);
    for (const until = startedAt + JOBS_TIMEOUT_MS; (await countJobs()) < before + endpoints; await delay(POLL_MS)) {
      if (performance.now() > until) throw new Error('The jobs were not made in time');
    }
    whole.push(performance.now() - startedAt);
  }
  await queue.close();
  return {
    endpoints,
    ...spread('answered_ms', answers),
    ...spread('jobs_ms', whole),
  };
}
