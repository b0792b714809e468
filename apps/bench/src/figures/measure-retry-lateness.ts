import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { percentile, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const MINUTE_MS = 2_000;

/** How much later than scheduled a first retry arrives: the gap between both requests less one "minute". */
export async function measureRetryLateness(system: System, deliveries: number, rounds: number) {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/fail-once`, events: [] });
  const dispatcher = await system.startDispatcher({ RETRY_MINUTE_MS: String(MINUTE_MS) });
  const late: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    await system.receiver.reset();
    await postEvents(system, key, deliveries);
    const { retryGapsMs } = await awaitReceived(system, deliveries);
    late.push(retryGapsMs.map((gap) => gap - MINUTE_MS));
  }
  await dispatcher.stop();
  const part = (of: number): number[] => late.map((lateMs) => percentile(lateMs, of));
  return { ...spread('p50', part(0.5)), ...spread('p99', part(0.99)) };
}
