import { awaitReceived, postSteadily } from '../parts/post-events.ts';
import { percentile, rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const ENDPOINTS = 20;
const HANGING_ENDPOINTS = 4;
const EVENTS_PER_SECOND = 20;

async function healthyFigures(system: System, hanging: number, seconds: number) {
  const key = await system.tenant();
  for (let index = 0; index < ENDPOINTS; index += 1) {
    const path = index < hanging ? '/hang' : '/timed';
    await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}${path}?${index}`, events: [] });
  }
  const dispatcher = await system.startDispatcher();
  await system.receiver.reset();
  await postSteadily(system, key, EVENTS_PER_SECOND, seconds);
  // The same endpoints are counted in both runs: those that never hang.
  const expected = EVENTS_PER_SECOND * seconds * (ENDPOINTS - hanging);
  const stats = await awaitReceived(system, expected);
  await dispatcher.stop();
  const perEndpoint = stats.received / (ENDPOINTS - hanging) / ((stats.lastAt - stats.firstAt) / 1_000);
  return { p99: percentile(stats.latenciesMs, 0.99), perEndpoint };
}

/** Healthy endpoints while a fifth of all hang until their timeout, as ratios to the same load with none hanging. */
export async function measureNoisyNeighbour(system: System, seconds: number) {
  const alone = await healthyFigures(system, 0, seconds);
  const beside = await healthyFigures(system, HANGING_ENDPOINTS, seconds);
  return {
    p99_ratio: rounded(beside.p99 / alone.p99, 2),
    rate_ratio: rounded(beside.perEndpoint / alone.perEndpoint, 3),
    p99_alone_ms: alone.p99,
    p99_beside_ms: beside.p99,
  };
}
