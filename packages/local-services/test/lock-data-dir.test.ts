import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockDataDir } from '../src/lock-data-dir.ts';
import { processBirth } from '../src/process-birth.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'posthorn-lock-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function expectTaken(): Promise<void> {
  const release = await lockDataDir(dataDir);
  expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toContain(`"pid":${process.pid}`);
  await release();
}

test('a second start on the same data folder is told who holds it', async () => {
  const release = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toThrow(`in use by process ${process.pid}`);
  await release();
});

test('a released lock can be taken again', async () => {
  await expectTaken();
  await expectTaken();
});

test('the lock of a dead process is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid: child.pid, birth: 'long ago', since: '2026-01-01' }));
  await expectTaken();
});

test('the lock of a process whose id another process has now is taken over', async () => {
  writeFileSync(
    join(dataDir, 'lock'),
    JSON.stringify({ pid: process.pid, birth: 'another boot:1', since: '2026-01-01' }),
  );
  await expectTaken();
});

test('a lock file that is not readable as one is taken over', async () => {
  writeFileSync(join(dataDir, 'lock'), 'half a');
  await expectTaken();
});

test('of many that start at once on a stale lock, one gets it', async () => {
  writeFileSync(
    join(dataDir, 'lock'),
    JSON.stringify({ pid: process.pid, birth: 'another boot:1', since: '2026-01-01' }),
  );
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataDir(dataDir)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('releasing leaves a lock alone that someone else has taken meanwhile', async () => {
  const release = await lockDataDir(dataDir);
  const other = JSON.stringify({ pid: process.ppid, birth: processBirth(process.ppid), since: '2026-01-01' });
  writeFileSync(join(dataDir, 'lock'), other);
  await release();
  await expect(lockDataDir(dataDir)).rejects.toThrow(`in use by process ${process.ppid}`);
});
