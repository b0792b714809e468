import { accountCores, type Cores, showCores } from '../parts/account-cores.ts';
import { startBareExpress } from '../parts/bare-express.ts';
import { postSingly } from '../parts/post-singly.ts';
import { percentile, ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const CONNECTIONS = 32;
/** A process that takes events runs for days; its code is compiled in the first seconds. */
const WARM_UP_SECONDS = 8;

/**
 * Single `POST /v1/events` accepted per second, as a ratio to a bare Express and zod route that only parses; no dispatcher
 * runs, an endpoint is subscribed.
 */
export async function measureIngest(system: System, seconds: number, rounds: number) {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/ok`, events: [] });
  const bare = await startBareExpress();
  const pairs: { readonly bare: number; readonly accepted: number; readonly timesMs: readonly number[] }[] = [];
  const cores: Cores[] = [];
  for (const url of [bare.url, system.api.url]) {
    await postSingly(url, key, { seconds: WARM_UP_SECONDS, connections: CONNECTIONS });
  }
  for (let round = 0; round < rounds; round += 1) {
    const parsed = await postSingly(bare.url, key, { seconds, connections: CONNECTIONS });
    const account = await accountCores(system, []);
    const { perSecond, timesMs } = await postSingly(system.api.url, key, { seconds, connections: CONNECTIONS });
    cores.push(await account());
    pairs.push({ bare: parsed.perSecond, accepted: perSecond, timesMs });
  }
  bare.stop();
  const accepted = pairs.map((pair) => pair.accepted);
  const parsed = pairs.map((pair) => pair.bare);
  const p99s = pairs.map(({ timesMs }) => percentile(timesMs, 0.99));
  return {
    ...spread('accepted_per_s', accepted),
    ...spread('bare_express_per_s', parsed),
    ...spread('ratio', ratios(accepted, parsed), 3),
    ...spread('p99_ms', p99s, 1),
    ...showCores(cores),
  };
}
