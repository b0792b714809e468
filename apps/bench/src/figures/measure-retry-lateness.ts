import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { percentile } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const MINUTE_MS = 2_000;

/** How much later than scheduled a first retry arrives: the gap between both requests less one "minute". */
export async function measureRetryLateness(system: System, deliveries: number) {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/fail-once`, events: [] });
  const dispatcher = await system.startDispatcher({ RETRY_MINUTE_MS: String(MINUTE_MS) });
  await system.receiver.reset();
  await postEvents(system, key, deliveries);
  const { retryGapsMs } = await awaitReceived(system, deliveries);
  await dispatcher.stop();
  const late = retryGapsMs.map((gap) => gap - MINUTE_MS);
  return { p50: percentile(late, 0.5), p99: percentile(late, 0.99) };
}
