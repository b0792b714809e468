import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { ratios, spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { drain } from './measure-drain.ts';

const KEYS = 500;
const LINE_DELIVERIES = 1_000;
const LINE_WARM_UP = 200;

/** Deliveries per second of a single line: one request after the other. */
async function drainLine(system: System): Promise<number> {
  const key = await system.tenant();
  await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/ok`, events: [] });
  const all = LINE_WARM_UP + LINE_DELIVERIES;
  await postEvents(system, key, all, { orderingKeys: 1 });
  await system.receiver.reset(LINE_WARM_UP);
  const dispatcher = await system.startDispatcher();
  const stats = await awaitReceived(system, all);
  await dispatcher.stop();
  return (1_000 * (stats.received - LINE_WARM_UP - 1)) / (stats.lastAt - stats.firstAt);
}

/** A backlog drained by one dispatcher with ordering keys, without, and a single line, in turn. */
export async function measureOrdering(system: System, deliveries: number, rounds: number) {
  const keyed: number[] = [];
  const plain: number[] = [];
  const line: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push((await drain(system, deliveries, 1)).perSecond);
    keyed.push((await drain(system, deliveries, 1, { orderingKeys: KEYS })).perSecond);
    line.push(await drainLine(system));
  }
  return {
    ...spread('keyed_per_s', keyed),
    ...spread('plain_per_s', plain),
    ...spread('ratio', ratios(keyed, plain), 3),
    ...spread('line_per_s', line),
  };
}
