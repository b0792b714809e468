import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { pollUntil } from '../src/poll-until.ts';
import { processBirth } from '../src/process-birth.ts';
import { removeDataDir } from '../src/remove-data-dir.ts';
import { type PostgresOptions, type RunningPostgres, startPostgres } from '../src/start-postgres.ts';

const TEST_TIMEOUT_MS = 60_000;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

let dataDir: string;
const running: RunningPostgres[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'posthorn-postgres-'));
  chmodSync(dataDir, 0o755);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  removeDataDir(dataDir);
}, TEST_TIMEOUT_MS);

async function start(options: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir, durable: false, ...options });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test(
  'a second start finds the data of the first',
  async () => {
    const first = await start({ durable: true });
    await ask(first.url, "CREATE TABLE kept AS SELECT 'ä' AS text");
    await first.stop();
    const second = await start();
    expect(await ask(second.url, 'SELECT text FROM kept')).toEqual([{ text: 'ä' }]);
  },
  TEST_TIMEOUT_MS,
);

test(
  'it is PostgreSQL 18 in UTF-8 with a locale of its own, on loopback alone, behind a password',
  async () => {
    const server = await start();
    const [settings] = await ask(
      server.url,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('listen_addresses') AS address,
        pg_encoding_to_char(encoding) AS encoding, datlocale AS locale FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual({ major: 18, address: '127.0.0.1', encoding: 'UTF8', locale: 'C.UTF-8' });
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await expect(ask(stranger.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
  },
  TEST_TIMEOUT_MS,
);

test(
  'a server that a killed launcher left running is stopped, and its data served again',
  async () => {
    const left = await start();
    await ask(left.url, 'CREATE TABLE kept (id int)');
    const lines: string[] = [];
    const next = await start({ log: (line) => lines.push(line) });
    expect(lines.join()).toContain(String(left.pid));
    expect(processBirth(left.pid)).toBeUndefined();
    expect(await ask(next.url, 'SELECT * FROM kept')).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

test(
  'a leftover server is found by its postmaster.pid where the note about it is lost',
  async () => {
    const left = await start();
    rmSync(join(dataDir, 'postgres-process.json'));
    await ask((await start()).url, 'SELECT 1');
    expect(processBirth(left.pid)).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);

test(
  'a stale postmaster.pid whose process id belongs to another program is cleared, and that program left alone',
  async () => {
    const first = await start();
    await first.stop();
    const cluster = join(dataDir, 'postgres', 'data');
    const bystander = spawn('sleep', ['60'], { uid: statSync(cluster).uid, cwd: '/' });
    try {
      const file = join(cluster, 'postmaster.pid');
      writeFileSync(file, `${bystander.pid}\n${cluster}\n`);
      chownSync(file, statSync(cluster).uid, statSync(cluster).gid);
      await ask((await start()).url, 'SELECT 1');
      expect(bystander.exitCode).toBeNull();
    } finally {
      bystander.kill();
    }
  },
  TEST_TIMEOUT_MS,
);

test(
  'a server killed in the middle of its work recovers at the next start',
  async () => {
    const first = await start({ durable: true });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS id');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toBe('PostgreSQL ended by SIGKILL');
    expect(await ask((await start()).url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  },
  TEST_TIMEOUT_MS,
);

test(
  'a lost password file gives a message that says so',
  async () => {
    await (await start()).stop();
    rmSync(join(dataDir, 'postgres-password'));
    await expect(start()).rejects.toThrow(/refuses the password kept in the data folder/);
  },
  TEST_TIMEOUT_MS,
);

test(
  'a cluster of another major version is refused with what to do',
  async () => {
    await (await start()).stop();
    const version = join(dataDir, 'postgres', 'data', 'PG_VERSION');
    writeFileSync(version, '17\n');
    await expect(start()).rejects.toThrow(/holds data of PostgreSQL 17/);
  },
  TEST_TIMEOUT_MS,
);

asRoot(
  'as root it works in a folder that no other user can reach, and a copy of the folder shares nothing',
  async () => {
    removeDataDir(dataDir);
    dataDir = mkdtempSync(join(homedir(), 'posthorn-private-'));
    const copy = `${dataDir}-copy`;
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept (id int)');
    expect(statSync(`/proc/${first.pid}`).uid).not.toBe(0);
    try {
      cpSync(dataDir, copy, { recursive: true });
      rmSync(join(copy, 'postgres-process.json'));
      const other = await start({ dataDir: copy });
      await expect(ask(other.url, 'SELECT * FROM kept')).rejects.toThrow(/does not exist/);
      expect(await ask(first.url, 'SELECT * FROM kept')).toEqual([]);
      await other.stop();
    } finally {
      removeDataDir(copy);
    }
  },
  TEST_TIMEOUT_MS,
);

test(
  'stopping twice is stopping once',
  async () => {
    const server = await start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(await pollUntil(() => processBirth(server.pid) === undefined, { timeoutMs: 5_000, everyMs: 20 })).toBe(true);
  },
  TEST_TIMEOUT_MS,
);
