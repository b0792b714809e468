import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { provideRedis } from '@posthorn/local-services/provide-redis';
import { removeDataDir } from '@posthorn/local-services/remove-data-dir';
import { startPostgres } from '@posthorn/local-services/start-postgres';
import pg from 'pg';
import { type Receiver, startReceiver } from './receiver.ts';
import { type App, startApp } from './start-app.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Everything a benchmark needs, all on this machine: PostgreSQL, Redis, the API and a receiver. */
export interface System {
  readonly api: App;
  readonly receiver: Receiver;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly operatorKey: string;
  startDispatcher(env?: Record<string, string>, nodeOptions?: readonly string[]): Promise<App>;
  /** A new tenant. @returns its API key */
  tenant(): Promise<string>;
  post<Answer>(path: string, key: string, body: unknown): Promise<Answer>;
  get<Answer>(path: string, key: string): Promise<Answer>;
  /** Another one with an API and an empty database of its own, on the same servers; it must be stopped. */
  startBeside(): Promise<System>;
  stop(): Promise<void>;
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** The servers, and the environment of the product's processes without its database. */
interface Servers {
  readonly receiver: Receiver;
  readonly redisUrl: string;
  readonly operatorKey: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Migrates the database and starts an API. @param after what is stopped, or dropped, once the API has ended */
async function openSystem(servers: Servers, databaseUrl: string, after: () => Promise<void>): Promise<System> {
  await promisify(execFile)(process.execPath, [`${root}packages/store/dist/migrate-main.js`], {
    env: { DATABASE_URL: databaseUrl },
  });
  const { receiver, redisUrl, operatorKey } = servers;
  const env = { ...servers.env, DATABASE_URL: databaseUrl };
  const api = await startApp('api', env);
  const headersOf = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });
  const post = async <Answer>(path: string, key: string, body: unknown) =>
    answerOf<Answer>(
      await fetch(`${api.url}${path}`, { method: 'POST', headers: headersOf(key), body: JSON.stringify(body) }),
    );
  return {
    api,
    receiver,
    databaseUrl,
    redisUrl,
    operatorKey,
    startDispatcher: (extra = {}, nodeOptions = []) => startApp('dispatcher', { ...env, ...extra }, nodeOptions),
    tenant: async () => (await post<{ api_key: string }>('/v1/tenants', operatorKey, { name: 'Bench' })).api_key,
    post,
    get: async (path, key) => answerOf(await fetch(`${api.url}${path}`, { headers: headersOf(key) })),
    startBeside: () => openBeside(servers, databaseUrl),
    async stop() {
      await api.stop();
      await after();
    },
  };
}

async function openBeside(servers: Servers, databaseUrl: string): Promise<System> {
  const name = `beside_${randomBytes(4).toString('hex')}`;
  const command = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await command(`CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = name;
  return openSystem(servers, url.href, () => command(`DROP DATABASE ${name}`));
}

export async function startSystem(): Promise<System> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const [postgres, redis, receiver] = await Promise.all([
    startPostgres({ dataDir }),
    provideRedis({ dataDir, cacheDir: join(root, '.posthorn', 'test', 'redis-unpacked'), require: 'real' }),
    startReceiver(),
  ]);
  const operatorKey = randomBytes(24).toString('base64url');
  const env = {
    REDIS_URL: redis.url,
    ADMIN_API_KEY: operatorKey,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    EGRESS_ALLOW: '127.0.0.0/8',
    ALLOW_HTTP: 'true',
  };
  return openSystem({ receiver, redisUrl: redis.url, operatorKey, env }, postgres.url, async () => {
    receiver.stop();
    await Promise.all([postgres.stop(), redis.stop()]);
    removeDataDir(dataDir);
  });
}
