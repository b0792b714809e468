import type { System } from './system.ts';

const BATCH_EVENTS = 100;
const TYPE = 'domain.verified';

/** What the posted events are. */
export interface PostedKind {
  readonly type?: string;
  /** So many ordering keys take turns; 0: none. */
  readonly orderingKeys?: number;
}

const event = (index: number, { type = TYPE, orderingKeys = 0 }: PostedKind = {}) => ({
  type,
  jobId: `bench-${index}`,
  data: { hostname: 'app.customer.example' },
  ...(orderingKeys > 0 && { ordering_key: `key-${index % orderingKeys}` }),
});

/** Posts that many events in batches of 100. */
export async function postEvents(system: System, key: string, count: number, kind: PostedKind = {}): Promise<void> {
  for (let from = 0; from < count; from += BATCH_EVENTS) {
    const events = Array.from({ length: Math.min(BATCH_EVENTS, count - from) }, (_, index) =>
      event(from + index, kind),
    );
    await system.post('/v1/events/batch', key, { events });
  }
}

/** Posts single events at a steady rate, none waiting for the one before. */
export async function postSteadily(system: System, key: string, perSecond: number, seconds: number): Promise<void> {
  const startedAt = performance.now();
  const posts: Promise<unknown>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const waitMs = startedAt + (index * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    posts.push(system.post('/v1/events', key, event(index)));
  }
  await Promise.all(posts);
}

/** Waits until the receiver has that many. @returns what it saw */
export async function awaitReceived(system: System, count: number, timeoutMs = 120_000) {
  for (const until = Date.now() + timeoutMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const stats = await system.receiver.stats();
    if (stats.received >= count) return stats;
    if (Date.now() > until) throw new Error(`Only ${stats.received} of ${count} arrived in ${timeoutMs} ms`);
  }
}
