import { setTimeout as delay } from 'node:timers/promises';
import { openTenant } from '../parts/open-tenant.ts';
import { awaitReceived, postEvents } from '../parts/post-events.ts';
import { readUsage, type Usage } from '../parts/read-usage.ts';
import { rounded } from '../parts/summarize.ts';
import type { System } from '../parts/system.ts';
import { WARM_UP_DELIVERIES } from './measure-drain.ts';

const POLL_MS = 50;
const CPU_PARTS = ['api', 'dispatcher', 'postgres', 'redis'] as const;

const difference = (what: (usage: Usage) => number, [before, after]: readonly [Usage, Usage]): number =>
  what(after) - what(before);

/**
 * What a delivery takes that succeeds at its first attempt, of an event of its own that came in a batch of 100: CPU µs of each
 * part, bytes of write-ahead log, and the bytes that a row of each table stays with, indexes included.
 */
export async function measureCost(system: System, deliveries: number): Promise<Record<string, number>> {
  const { key, client } = await openTenant(system);
  const dispatcher = await system.startDispatcher();
  await system.receiver.reset();
  const deliver = async (count: number, received: number): Promise<void> => {
    await postEvents(system, key, count);
    await awaitReceived(system, received);
    const open = `SELECT 1 FROM deliveries WHERE status IN ('pending', 'retrying') LIMIT 1`;
    // What was received is on record a moment later.
    while ((await client.query(open)).rowCount !== 0) await delay(POLL_MS);
  };
  await deliver(WARM_UP_DELIVERIES, WARM_UP_DELIVERIES);
  await client.query('VACUUM ANALYZE');
  const before = await readUsage(system, dispatcher, client);
  await deliver(deliveries, WARM_UP_DELIVERIES + deliveries);
  const after = await readUsage(system, dispatcher, client);
  await dispatcher.stop();
  await client.end();
  const span = [before, after] as const;
  const micros = CPU_PARTS.map((part) => [`${part}_us`, (1e6 * difference((usage) => usage[part], span)) / deliveries]);
  const sizes = Object.keys(after.rows).map((table) => [
    `${table}_bytes_per_row`,
    difference((usage) => usage.bytes[table] ?? 0, span) / difference((usage) => usage.rows[table] ?? 0, span),
  ]);
  const wal = ['wal_bytes', difference((usage) => usage.wal, span) / deliveries];
  return Object.fromEntries([...micros, wal, ...sizes].map(([name, value]) => [String(name), rounded(Number(value))]));
}
