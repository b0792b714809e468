import { mkdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { findRedis } from './find-redis.ts';
import { type RedisBinary, redisEnv } from './redis-binary.ts';
import { type CommandForPort, REDIS_STOP_STEPS, startRedisServer } from './start-redis-server.ts';
import { stopLeftover } from './stop-leftover.ts';
import { unpackRedis } from './unpack-redis.ts';

const require = createRequire(import.meta.url);

/**
 * Where to keep data, and what will do. `search` is a PATH to look for servers in. `cacheDir` keeps the unpacked
 * server (default: in `dataDir`). `require` 'real' refuses the JavaScript one, 'javascript' looks for no other.
 * `settings` are further ones of redis.conf, for a real one alone.
 */
export interface RedisOptions {
  dataDir: string;
  port?: number;
  log?: (line: string) => void;
  search?: string;
  cacheDir?: string;
  require?: 'real' | 'javascript';
  settings?: Readonly<Record<string, string>>;
}

/** A running Redis. `exited` resolves with a sentence when it ends, `stop` when it has ended. */
export interface RunningRedis {
  url: string;
  port: number;
  pid: number;
  kind: 'redis' | 'valkey' | 'javascript';
  exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a Redis on 127.0.0.1 alone and returns when it answers: the machine's own, else one unpacked from the
 * system's packages, else one written in JavaScript (in memory, slower), which it says in one line.
 * Throws when `require` is 'real' and none can be had, and when the server does not start.
 */
export async function provideRedis(options: RedisOptions): Promise<RunningRedis> {
  const log = options.log ?? (() => undefined);
  mkdirSync(options.dataDir, { recursive: true });
  // The server runs in a folder of its own, so that relative paths would lead it astray.
  const dataDir = realpathSync(options.dataDir);
  const folder = join(dataDir, 'redis');
  const recordFile = join(dataDir, 'redis-process.json');
  const stopped = await stopLeftover(recordFile, REDIS_STOP_STEPS);
  if (stopped !== undefined) log(`stopped a Redis (process ${stopped}) that an earlier start had left running`);
  const cacheDir = resolve(options.cacheDir ?? join(dataDir, 'redis-unpacked'));
  const binary = await realRedis(options, cacheDir, log);
  const kind = binary?.kind ?? 'javascript';
  const command = binary ? realCommand(binary, folder, options.settings) : javascriptCommand();
  const server = await startRedisServer(folder, recordFile, options.port, command, log);
  const { port, pid, exited, stop } = server;
  return { url: `redis://127.0.0.1:${port}`, port, pid, kind, exited, stop };
}

async function realRedis(
  options: RedisOptions,
  cacheDir: string,
  log: (line: string) => void,
): Promise<RedisBinary | undefined> {
  if (options.require === 'javascript') return undefined;
  const found = await findRedis(options.search);
  if (found) return found;
  const unpacked = await unpackRedis(cacheDir, log);
  if (typeof unpacked !== 'string') return unpacked;
  if (options.require === 'real') throw new Error(noRealRedis(unpacked));
  log(
    `no Redis could be had (${unpacked}): using one in JavaScript, in memory and slower; install redis-server for more`,
  );
  return undefined;
}

function noRealRedis(reason: string): string {
  return (
    `A real Redis is needed, and none could be had: no redis-server (6.2+) or valkey-server on the PATH, and ${reason}. ` +
    'Install redis-server or valkey-server, or set REDIS_URL.'
  );
}

function realCommand(binary: RedisBinary, folder: string, more: RedisOptions['settings']): CommandForPort {
  const settings = {
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    dir: join(folder, 'data'),
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    ...more,
  };
  const env = redisEnv(binary.libraries);
  return (port) => {
    const args = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [`--${name}`, value]);
    return { name: `Redis (${binary.kind} ${binary.version})`, file: binary.file, args, env };
  };
}

function javascriptCommand(): CommandForPort {
  const cli = join(dirname(require.resolve('js-redis-server')), 'cli.js');
  return (port) => ({ name: 'Redis (in JavaScript)', file: process.execPath, args: [cli, '--port', String(port)] });
}
