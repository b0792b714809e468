import { awaitReceived, postSteadily } from '../parts/post-events.ts';
import { percentile } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const EVENTS_PER_SECOND = 50;
const WARM_UP_SECONDS = 3;

/** Milliseconds from an event's acceptance (`sent_at`) to its arrival, at 50 events a second to one endpoint. */
export async function measureLatency(system: System, seconds: number) {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/timed`, events: [] });
  const dispatcher = await system.startDispatcher();
  await system.receiver.reset();
  await postSteadily(system, key, EVENTS_PER_SECOND, WARM_UP_SECONDS);
  await awaitReceived(system, EVENTS_PER_SECOND * WARM_UP_SECONDS);
  await system.receiver.reset();
  await postSteadily(system, key, EVENTS_PER_SECOND, seconds);
  const { latenciesMs } = await awaitReceived(system, EVENTS_PER_SECOND * seconds);
  await dispatcher.stop();
  return { p50: percentile(latenciesMs, 0.5), p99: percentile(latenciesMs, 0.99), events_per_s: EVENTS_PER_SECOND };
}
