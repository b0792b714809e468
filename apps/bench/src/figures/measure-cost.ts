import { setTimeout as delay } from 'node:timers/promises';
import type { Numbers } from '../figure.ts';
import { openTenant } from '../parts/open-tenant.ts';
import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { readUsage, type Usage } from '../parts/read-usage.ts';
import { spreadEach } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { WARM_UP_DELIVERIES } from './measure-drain.ts';

const POLL_MS = 50;
const CPU_PARTS = ['api', 'dispatcher', 'postgres', 'redis'] as const;

const difference = (what: (usage: Usage) => number, [before, after]: readonly [Usage, Usage]): number =>
  what(after) - what(before);

/** What was used between the two, for each delivery and for each row. */
function costOf(span: readonly [Usage, Usage], deliveries: number): Numbers {
  const whole = (what: (usage: Usage) => number): number => difference(what, span) / deliveries;
  const micros = CPU_PARTS.map((part) => ({ [`${part}_us`]: 1e6 * whole((usage) => usage[part]) }));
  const sizes = Object.keys(span[0].rows).map((table) => {
    const rows = difference((usage) => usage.rows[table] ?? 0, span);
    return { [`${table}_bytes_per_row`]: difference((usage) => usage.bytes[table] ?? 0, span) / rows };
  });
  return Object.assign({ wal_bytes: whole((usage) => usage.wal) }, ...micros, ...sizes) as Numbers;
}

/**
 * What a delivery takes that succeeds at its first attempt, of an event of its own that came in a batch of 100: CPU µs of each
 * part, bytes of write-ahead log, and the bytes that a row of each table stays with, indexes included.
 */
export async function measureCost(system: System, deliveries: number, rounds: number): Promise<Numbers> {
  const { key, client } = await openTenant(system);
  const dispatcher = await system.startDispatcher();
  const deliver = async (count: number): Promise<void> => {
    await system.receiver.reset();
    await postEvents(system, key, count);
    await awaitReceived(system, count);
    const open = `SELECT 1 FROM deliveries WHERE status IN ('pending', 'retrying') LIMIT 1`;
    // What was received is on record a moment later.
    while ((await client.query(open)).rowCount !== 0) await delay(POLL_MS);
  };
  await deliver(WARM_UP_DELIVERIES);
  const taken: Numbers[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await client.query('VACUUM ANALYZE');
    const before = await readUsage(system, dispatcher, client);
    await deliver(deliveries);
    taken.push(costOf([before, await readUsage(system, dispatcher, client)], deliveries));
  }
  await dispatcher.stop();
  await client.end();
  return spreadEach(taken);
}
