import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { openQueue } from './clear-backlog.ts';
import type { App } from './start-app.ts';
import type { System } from './system.ts';

const CLOCK_TICKS_PER_SECOND = 100;
const TABLES = ['events', 'deliveries', 'attempts'] as const;

/** What was used so far. Times in CPU seconds, user and system. */
export interface Usage {
  readonly api: number;
  readonly dispatcher: number;
  /** Its backends, those that have ended too, and what it does in the background. */
  readonly postgres: number;
  readonly redis: number;
  /** Bytes of write-ahead log. */
  readonly wal: number;
  readonly rows: Readonly<Record<string, number>>;
  /** Bytes of each table with its indexes and what was moved out of its rows; of all of its partitions. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** The fields of /proc/pid/stat from the state on. */
const statOf = (pid: string): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];

/** Ticks of a process and of its children that have ended. */
const ticksOf = (fields: readonly string[]): number =>
  fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);

/** A process may end between the listing and the reading. */
function statIfAlive(pid: string): readonly string[] {
  try {
    return statOf(pid);
  } catch {
    return [];
  }
}

/** CPU seconds of the server and of all its processes. @param client a superuser's */
export async function postgresSeconds(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: string }>(
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
  );
  const master = rows[0]?.pid ?? '';
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statIfAlive)
    .filter((fields) => fields[1] === master);
  const ticks = [statOf(master), ...children].map(ticksOf);
  return ticks.reduce((sum, each) => sum + each, 0) / CLOCK_TICKS_PER_SECOND;
}

export async function redisSeconds(redisUrl: string): Promise<number> {
  const queue = await openQueue(redisUrl);
  const info = String(await queue.command('INFO', 'cpu'));
  await queue.close();
  const seconds = [...info.matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)].map(([, text]) => Number(text));
  return seconds.reduce((sum, each) => sum + each, 0);
}

async function sizesOf(client: pg.Client): Promise<Pick<Usage, 'rows' | 'bytes'>> {
  const sizes = await client.query<{ name: string; rows: number; bytes: number }>(
    `SELECT name, coalesce(parts.bytes, pg_total_relation_size(name::regclass))::float8 AS bytes,
            (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || name, false, true, '')))[1]::text::float8 AS rows
     FROM unnest($1::text[]) name,
          LATERAL (SELECT sum(pg_total_relation_size(relid)) AS bytes FROM pg_partition_tree(name::regclass)) parts`,
    [TABLES],
  );
  const pick = (what: 'rows' | 'bytes') => Object.fromEntries(sizes.rows.map((size) => [size.name, size[what]]));
  return { rows: pick('rows'), bytes: pick('bytes') };
}

/** @param client a superuser's, of the system's database */
export async function readUsage(system: System, dispatcher: App, client: pg.Client): Promise<Usage> {
  const wal = await client.query<{ bytes: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
  );
  return {
    api: await system.api.cpuSeconds(),
    dispatcher: await dispatcher.cpuSeconds(),
    postgres: await postgresSeconds(client),
    redis: await redisSeconds(system.redisUrl),
    wal: wal.rows[0]?.bytes ?? Number.NaN,
    ...(await sizesOf(client)),
  };
}
