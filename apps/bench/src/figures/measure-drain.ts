import { accountCores, showCores } from '../parts/account-cores.ts';
import { bareGotPerSecond } from '../parts/bare-got.ts';
import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { ratios, rounded, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const BARE_SECONDS = 3;
const ENDPOINTS = 10;
const PATIENCE_MS = 600_000;
/** Delivered by each dispatcher before the rate is taken: it runs for days, and its code is compiled in the first seconds. */
export const WARM_UP_DELIVERIES = 5_000;

/**
 * Deliveries per second of `dispatchers` processes that meet a backlog, from the first arrival after the warm-up to the last,
 * and who is busy meanwhile.
 */
export async function drain(
  system: System,
  deliveries: number,
  dispatchers: number,
  { nodeOptions = [], orderingKeys = 0 }: { nodeOptions?: readonly string[]; orderingKeys?: number } = {},
) {
  const key = await system.tenant();
  for (let index = 0; index < ENDPOINTS; index += 1) {
    await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/ok?${index}`, events: [] });
  }
  const warmUp = WARM_UP_DELIVERIES * dispatchers;
  const backlog = warmUp + deliveries;
  await postEvents(system, key, Math.ceil(backlog / ENDPOINTS), { orderingKeys });
  await system.receiver.reset(warmUp);
  const started = await Promise.all(Array.from({ length: dispatchers }, () => system.startDispatcher({}, nodeOptions)));
  await awaitReceived(system, warmUp);
  const account = await accountCores(system, started);
  const stats = await awaitReceived(system, backlog, PATIENCE_MS);
  const cores = await account();
  const peakMb = Math.max(...(await Promise.all(started.map((dispatcher) => dispatcher.peakMb()))));
  const cpuSeconds = (await Promise.all(started.map((dispatcher) => dispatcher.cpuSeconds()))).reduce((a, b) => a + b);
  await Promise.all(started.map((dispatcher) => dispatcher.stop()));
  const perSecond = (1_000 * (stats.received - warmUp - 1)) / (stats.lastAt - stats.firstAt);
  return { perSecond, cores, peakMb, cpuMicrosPerDelivery: (1e6 * cpuSeconds) / stats.received };
}

/**
 * A backlog drained by one dispatcher, each time right after a bare got loop against the same receiver; then a long one, in
 * which memory has the time to grow.
 */
export async function measureDrain(system: System, deliveries: number, rounds: number, longDeliveries: number) {
  const bare: number[] = [];
  const drains: Awaited<ReturnType<typeof drain>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bareGotPerSecond(`${system.receiver.url}/ok`, BARE_SECONDS));
    drains.push(await drain(system, deliveries, 1));
  }
  const long = await drain(system, longDeliveries, 1);
  const rates = drains.map(({ perSecond }) => perSecond);
  const cpuMicros = drains.map(({ cpuMicrosPerDelivery }) => cpuMicrosPerDelivery);
  return {
    ...spread('deliveries_per_s', rates),
    ...spread('bare_got_per_s', bare),
    ...spread('ratio', ratios(rates, bare), 3),
    ...spread('dispatcher_cpu_us_per_delivery', cpuMicros),
    ...showCores(drains.map(({ cores }) => cores)),
    long_per_s: rounded(long.perSecond),
    // The most from the process's start to the last delivery: it is what a machine must have.
    rss_mb: rounded(long.peakMb),
  };
}
