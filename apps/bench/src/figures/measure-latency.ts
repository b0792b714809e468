import { awaitReceived, postSteadily } from '../parts/post-events.ts';
import { percentile, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const EVENTS_PER_SECOND = 50;
const WARM_UP_SECONDS = 3;

/** Milliseconds from an event's acceptance (`sent_at`) to its arrival, at 50 events a second to one endpoint. */
export async function measureLatency(system: System, seconds: number, rounds: number) {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/timed`, events: [] });
  const dispatcher = await system.startDispatcher();
  const take = async (takenSeconds: number): Promise<readonly number[]> => {
    await system.receiver.reset();
    await postSteadily(system, key, EVENTS_PER_SECOND, takenSeconds);
    return (await awaitReceived(system, EVENTS_PER_SECOND * takenSeconds)).latenciesMs;
  };
  await take(WARM_UP_SECONDS);
  const taken: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round += 1) taken.push(await take(seconds));
  await dispatcher.stop();
  const part = (of: number): number[] => taken.map((latenciesMs) => percentile(latenciesMs, of));
  return { ...spread('p50', part(0.5)), ...spread('p99', part(0.99)), events_per_s: EVENTS_PER_SECOND };
}
