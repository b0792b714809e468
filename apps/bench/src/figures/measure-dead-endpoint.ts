import { awaitReceived, postEvents, postSteadily } from '../parts/post-events.ts';
import { percentile, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const EVENTS_PER_SECOND = 20;
const WARM_UP_SECONDS = 2;

async function latencies(system: System, key: string, seconds: number): Promise<readonly number[]> {
  await system.receiver.reset();
  await postSteadily(system, key, EVENTS_PER_SECOND, seconds);
  return (await awaitReceived(system, EVENTS_PER_SECOND * seconds)).latenciesMs;
}

/**
 * A fresh event's way to one endpoint while another one of the same tenant has thousands of deliveries that fail, against
 * before: p50 and p99 from acceptance to arrival, in ms.
 */
export async function measureDeadEndpoint(system: System, failing: number, seconds: number) {
  const key = await system.tenant();
  const endpoint = (path: string, type: string) =>
    system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}${path}`, events: [type] });
  await endpoint('/timed', 'domain.verified');
  await endpoint('/fail', 'domain.drift');
  const dispatcher = await system.startDispatcher();
  await latencies(system, key, WARM_UP_SECONDS);
  const before = await latencies(system, key, seconds);
  await postEvents(system, key, failing, { type: 'domain.drift' });
  const beside = await latencies(system, key, seconds);
  await dispatcher.stop();
  const p99 = { before: percentile(before, 0.99), beside: percentile(beside, 0.99) };
  return {
    failing,
    p50_before_ms: percentile(before, 0.5),
    p50_beside_ms: percentile(beside, 0.5),
    p99_before_ms: rounded(p99.before),
    p99_beside_ms: rounded(p99.beside),
    p99_added_ms: rounded(p99.beside - p99.before),
  };
}
