import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findRedis } from '../src/find-redis.ts';
import { pingRedis } from '../src/ping-redis.ts';
import { processBirth } from '../src/process-birth.ts';
import { provideRedis, type RedisOptions, type RunningRedis } from '../src/provide-redis.ts';

const TEST_TIMEOUT_MS = 60_000;
const UNPACK_TIMEOUT_MS = 400_000;
// Unpacked once and kept between runs, where npm start keeps it too: it is a download.
const CACHE_DIR = fileURLToPath(new URL('../../../.posthorn/redis-unpacked', import.meta.url));
const NOWHERE = '';

let dataDir: string;
const running: RunningRedis[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'posthorn-redis-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(dataDir, { recursive: true, force: true });
}, TEST_TIMEOUT_MS);

async function start(options: Partial<RedisOptions> = {}): Promise<RunningRedis> {
  const server = await provideRedis({ dataDir, cacheDir: CACHE_DIR, ...options });
  running.push(server);
  return server;
}

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}

test(
  'a Redis unpacked without installing it works, and a second start needs no download',
  async () => {
    const first = await start({ search: NOWHERE, require: 'real' });
    expect(['redis', 'valkey']).toContain(first.kind);
    expect(await pingRedis(first.port)).toBe(true);
    await first.stop();
    const lines: string[] = [];
    await start({ search: NOWHERE, require: 'real', log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
  },
  UNPACK_TIMEOUT_MS,
);

test(
  'folders may be given relative to where the program runs',
  async () => {
    const from = (folder: string) => relative(process.cwd(), folder);
    const server = await start({ dataDir: from(dataDir), cacheDir: from(CACHE_DIR), search: NOWHERE, require: 'real' });
    expect(await pingRedis(server.port)).toBe(true);
  },
  UNPACK_TIMEOUT_MS,
);

test(
  'what was written is there after a restart, and memory pressure drops nothing',
  async () => {
    const first = await start({ require: 'real' });
    expect(await ask(first.port, 'SET kept 1')).toBe('+OK\r\n');
    expect(await ask(first.port, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    await first.stop();
    const second = await start({ require: 'real' });
    expect(await ask(second.port, 'GET kept')).toContain('1');
  },
  UNPACK_TIMEOUT_MS,
);

test(
  'a server that a killed launcher left running is stopped first',
  async () => {
    const left = await start({ require: 'real' });
    const next = await start({ require: 'real' });
    expect(processBirth(left.pid)).toBeUndefined();
    expect(await pingRedis(next.port)).toBe(true);
  },
  UNPACK_TIMEOUT_MS,
);

test(
  'data that this Redis cannot read is set aside rather than keeping it from starting',
  async () => {
    const log = join(dataDir, 'redis', 'data', 'appendonlydir');
    mkdirSync(log, { recursive: true });
    writeFileSync(join(log, 'appendonly.aof.manifest'), 'no manifest at all\n');
    const server = await start({ require: 'real' });
    expect(await pingRedis(server.port)).toBe(true);
    expect(readdirSync(join(dataDir, 'redis'))).toContain('unreadable');
  },
  UNPACK_TIMEOUT_MS,
);

test(
  'the one in JavaScript answers PING where nothing else can be had',
  async () => {
    const server = await start({ require: 'javascript' });
    expect(server.kind).toBe('javascript');
    expect(await pingRedis(server.port)).toBe(true);
  },
  TEST_TIMEOUT_MS,
);

test('a program on the PATH that is no Redis, or one too old, is passed over', async () => {
  for (const [program, answer] of [
    ['redis-server', 'Redis server v=5.0.14 sha=00000000:0'],
    ['valkey-server', 'something else'],
  ]) {
    writeFileSync(join(dataDir, `${program}`), `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(join(dataDir, `${program}`), 0o755);
  }
  expect((await findRedis(dataDir))?.file ?? '').not.toContain(dataDir);
  expect(await findRedis(NOWHERE)).toBeUndefined();
});
