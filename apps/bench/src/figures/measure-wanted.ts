import type { Numbers } from '../figure.ts';
import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { spread } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';

const TENANTS = [2, 5];
const ENDPOINTS = 4;
const SAMPLE_MS = 200;
/** `DISPATCHER_CONCURRENCY` unless it is set. */
const SLOTS = 256;
const NAMES = ['posthorn_requests_in_flight', 'posthorn_requests_wanted'] as const;

async function readMetrics(url: string): Promise<number[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return NAMES.map((name) => Number(new RegExp(`^${name}\\b\\S* (\\d+)`, 'm').exec(text)?.[1]));
}

/** What one dispatcher had in flight, and wanted, while it lacked slots for a backlog of several tenants: medians. */
export async function measureWanted(system: System, deliveries: number): Promise<Numbers> {
  const results: Numbers[] = [];
  for (const tenants of TENANTS) {
    const keys = await Promise.all(Array.from({ length: tenants }, () => system.tenant()));
    for (const key of keys) {
      for (let index = 0; index < ENDPOINTS; index += 1)
        await system.post('/v1/webhook-endpoints', key, { url: `${system.receiver.url}/ok?${index}`, events: [] });
      await postEvents(system, key, deliveries / ENDPOINTS / tenants);
    }
    await system.receiver.reset();
    const dispatcher = await system.startDispatcher();
    const samples: Promise<number[]>[] = [];
    const timer = setInterval(() => samples.push(readMetrics(dispatcher.url)), SAMPLE_MS);
    await awaitReceived(system, deliveries);
    clearInterval(timer);
    const short = (await Promise.all(samples)).filter(([, wanted = 0]) => wanted > SLOTS);
    for (const [index, name] of ['in_flight', 'wanted'].entries())
      results.push(
        spread(
          `${name}_of_${tenants}_tenants`,
          short.map((values) => values[index] ?? 0),
        ),
      );
    await dispatcher.stop();
  }
  return Object.assign({}, ...results) as Numbers;
}
