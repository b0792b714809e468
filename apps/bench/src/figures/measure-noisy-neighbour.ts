import type { Draw } from '../parts/create-draw.ts';
import { awaitReceived, postSteadily } from '../parts/post-events.ts';
import { percentile, ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { takeInTurn } from '../parts/take-in-turn.ts';

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
export async function measureNoisyNeighbour(system: System, draw: Draw, seconds: number, rounds: number) {
  const measures = [0, HANGING_ENDPOINTS].map((hanging) => () => healthyFigures(system, hanging, seconds));
  const [alone = [], beside = []] = await takeInTurn(draw, rounds, measures);
  const p99s = { alone: alone.map(({ p99 }) => p99), beside: beside.map(({ p99 }) => p99) };
  const rates = [beside, alone].map((taken) => taken.map(({ perEndpoint }) => perEndpoint));
  return {
    ...spread('p99_ratio', ratios(p99s.beside, p99s.alone), 2),
    ...spread('rate_ratio', ratios(rates[0] ?? [], rates[1] ?? []), 3),
    ...spread('p99_alone_ms', p99s.alone),
    ...spread('p99_beside_ms', p99s.beside),
  };
}
