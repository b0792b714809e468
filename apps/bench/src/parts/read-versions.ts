import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import { openQueue } from './clear-backlog.ts';
import type { System } from './system.ts';

const root = new URL('../../../../', import.meta.url);
/** The packages whose versions the figures depend on most, by the workspace that uses them. */
const PACKAGES = [
  ['BullMQ', 'bullmq', 'packages/queue'],
  ['got', 'got', 'apps/dispatcher'],
  ['Prisma', '@prisma/client', 'packages/store'],
  ['Express', 'express', 'apps/api'],
] as const;

/** As it is installed for that workspace; a package need not let its own description be imported. */
function installedVersion(name: string, workspace: string): string {
  const folders = createRequire(new URL(`${workspace}/package.json`, root)).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // It is installed further up.
    }
  }
  throw new Error(`${name} is not installed`);
}

async function postgresVersion(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return rows[0]?.server_version ?? 'unknown';
}

async function redisVersion(redisUrl: string): Promise<string> {
  const queue = await openQueue(redisUrl);
  const info = String(await queue.command('INFO', 'server'));
  await queue.close();
  const valkey = /valkey_version:(\S+)/.exec(info)?.[1];
  return valkey === undefined ? (/redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown') : `Valkey ${valkey}`;
}

/** What is measured, by name: Node, the servers that run, and the packages that are installed. */
export async function readVersions({ databaseUrl, redisUrl }: System): Promise<Record<string, string>> {
  return {
    Node: process.version.slice(1),
    PostgreSQL: await postgresVersion(databaseUrl),
    Redis: await redisVersion(redisUrl),
    ...Object.fromEntries(PACKAGES.map(([title, name, workspace]) => [title, installedVersion(name, workspace)])),
  };
}
