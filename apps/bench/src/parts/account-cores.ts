import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Numbers } from '../figure.ts';
import { postgresSeconds, redisSeconds } from './read-usage.ts';
import type { App } from './start-app.ts';
import { spread } from './summarize.ts';
import type { System } from './system.ts';

const CLOCK_TICKS_PER_SECOND = 100;

/** CPU seconds since they started, user and system. */
interface CoreTimes {
  readonly api: number;
  readonly dispatcher: number;
  readonly postgres: number;
  readonly redis: number;
  /** Of the machine: what anything used, and what nothing did. */
  readonly busy: number;
  readonly idle: number;
}

/** How many cores each part kept busy, on average. `load` is what is left: receiver, who posts, and the kernel's own work. */
export type Cores = Readonly<Record<'api' | 'dispatcher' | 'postgres' | 'redis' | 'load' | 'idle', number>>;

async function machineSeconds(): Promise<Pick<CoreTimes, 'busy' | 'idle'>> {
  const line = (await readFile('/proc/stat', 'utf8')).split('\n', 1)[0] ?? '';
  // user, nice, system, idle, iowait, irq, softirq; what follows is other machines' or counted already.
  const ticks = line.split(/\s+/).slice(1, 8).map(Number);
  const [all, idle] = [ticks, ticks.slice(3, 5)].map((some) => some.reduce((sum, each) => sum + each, 0)) as [
    number,
    number,
  ];
  return { busy: (all - idle) / CLOCK_TICKS_PER_SECOND, idle: idle / CLOCK_TICKS_PER_SECOND };
}

/**
 * Notes who keeps the cores busy from now on; nothing else should run on the machine.
 *
 * @param dispatchers those that run meanwhile
 * @returns tells, in the end, and while they still run
 */
export async function accountCores(system: System, dispatchers: readonly App[]): Promise<() => Promise<Cores>> {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  const read = async (): Promise<CoreTimes> => ({
    api: await system.api.cpuSeconds(),
    dispatcher: (await Promise.all(dispatchers.map((each) => each.cpuSeconds()))).reduce((sum, each) => sum + each, 0),
    postgres: await postgresSeconds(client),
    redis: await redisSeconds(system.redisUrl),
    ...(await machineSeconds()),
  });
  const before = await read();
  const startedAt = performance.now();
  return async () => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = await read();
    await client.end();
    const cores = (part: keyof CoreTimes): number => (after[part] - before[part]) / seconds;
    const parts = {
      api: cores('api'),
      dispatcher: cores('dispatcher'),
      postgres: cores('postgres'),
      redis: cores('redis'),
    };
    const known = Object.values(parts).reduce((sum, each) => sum + each, 0);
    return { ...parts, load: cores('busy') - known, idle: cores('idle') };
  };
}

/** The median of each part over the rounds, as `<part>_cores`. */
export function showCores(rounds: readonly Cores[]): Numbers {
  const parts = Object.keys(rounds[0] ?? {}) as (keyof Cores)[];
  return Object.assign(
    {},
    ...parts.map((part) =>
      spread(
        `${part}_cores`,
        rounds.map((cores) => cores[part]),
        2,
      ),
    ),
  ) as Numbers;
}
