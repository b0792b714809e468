import { accountCores, type Cores, showCores } from '../parts/account-cores.ts';
import { bareGotPerSecond } from '../parts/bare-got.ts';
import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const BARE_SECONDS = 3;
const POSTERS = 4;
/** Sent through before the time is taken. */
const WARM_UP_EVENTS = 4_000;

/** Deliveries per second from the first post to the last arrival, while a running dispatcher delivers, and who is busy meanwhile. */
async function runThrough(
  system: System,
  events: number,
): Promise<{ readonly perSecond: number; readonly cores: Cores }> {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/ok`, events: [] });
  const dispatcher = await system.startDispatcher();
  const sendThrough = async (count: number): Promise<number> => {
    await system.receiver.reset();
    await Promise.all(Array.from({ length: POSTERS }, () => postEvents(system, key, count / POSTERS)));
    return (await awaitReceived(system, count)).lastAt;
  };
  await sendThrough(WARM_UP_EVENTS);
  const account = await accountCores(system, [dispatcher]);
  const startedAt = Date.now();
  const lastAt = await sendThrough(events);
  const cores = await account();
  await dispatcher.stop();
  return { perSecond: (1_000 * events) / (lastAt - startedAt), cores };
}

/** Batches of 100 are posted while one dispatcher delivers, each time right after a bare got loop. */
export async function measureEndToEnd(system: System, events: number, rounds: number) {
  const bare: number[] = [];
  const runs: Awaited<ReturnType<typeof runThrough>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bareGotPerSecond(`${system.receiver.url}/ok`, BARE_SECONDS));
    runs.push(await runThrough(system, events));
  }
  const rates = runs.map(({ perSecond }) => perSecond);
  return {
    ...spread('per_s', rates),
    ...spread('bare_got_per_s', bare),
    ...spread('ratio', ratios(rates, bare), 3),
    ...showCores(runs.map(({ cores }) => cores)),
  };
}
