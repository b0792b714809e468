import { clearBacklog } from '../parts/clear-backlog.ts';
import { awaitReceived, postEvents, postSteadily } from '../parts/post-events.ts';
import { percentile, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const EVENTS_PER_SECOND = 20;
const WARM_UP_SECONDS = 2;

async function latencies(system: System, key: string, seconds: number): Promise<readonly number[]> {
  await system.receiver.reset();
  await postSteadily(system, key, EVENTS_PER_SECOND, seconds);
  return (await awaitReceived(system, EVENTS_PER_SECOND * seconds)).latenciesMs;
}

/** One round, with a tenant and a dispatcher of its own: latencies in ms. */
async function takeRound(system: System, failing: number, seconds: number) {
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
  await clearBacklog(system);
  return { before, beside };
}

/**
 * A fresh event's way to one endpoint while another one of the same tenant has thousands of deliveries that fail, against
 * before: p50 and p99 from acceptance to arrival, in ms.
 */
export async function measureDeadEndpoint(system: System, failing: number, seconds: number, rounds: number) {
  const taken: Awaited<ReturnType<typeof takeRound>>[] = [];
  for (let round = 0; round < rounds; round += 1) taken.push(await takeRound(system, failing, seconds));
  const part = (when: 'before' | 'beside', of: number): number[] => taken.map((one) => percentile(one[when], of));
  const [p99Before, p99Beside] = [part('before', 0.99), part('beside', 0.99)];
  const added = p99Beside.map((p99, round) => p99 - (p99Before[round] ?? Number.NaN));
  return {
    failing,
    ...spread('p50_before_ms', part('before', 0.5)),
    ...spread('p50_beside_ms', part('beside', 0.5)),
    ...spread('p99_before_ms', p99Before),
    ...spread('p99_beside_ms', p99Beside),
    ...spread('p99_added_ms', added),
  };
}
