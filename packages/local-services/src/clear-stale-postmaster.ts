import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { processBirth } from './process-birth.ts';
import { runCommand } from './run-command.ts';
import { type StopStep, stopProcess } from './stop-process.ts';

const PS_TIMEOUT_MS = 5_000;

/**
 * Deals with a `postmaster.pid` that an earlier server left in `cluster`: a PostgreSQL that still runs on it is
 * stopped; where the process id now belongs to some other program, which PostgreSQL itself cannot tell, the file is
 * removed. Returns the process id that was stopped. Throws when a PostgreSQL has that id, but not on this folder.
 */
export async function clearStalePostmaster(cluster: string, steps: StopStep[]): Promise<number | undefined> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const birth = processBirth(pid);
  if (birth === undefined) return undefined;
  const args = await commandLine(pid);
  if (args.includes(cluster) || workingFolder(pid) === cluster) {
    await stopProcess(pid, steps, () => processBirth(pid) !== birth);
    return pid;
  }
  if (basename(args[0] ?? '') !== 'postgres') {
    rmSync(file);
    return undefined;
  }
  throw new Error(
    `${file} names process ${pid}, which is a PostgreSQL. If it does not serve this folder, remove the file.`,
  );
}

async function commandLine(pid: number): Promise<string[]> {
  if (existsSync(`/proc/${pid}/cmdline`)) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const ps = ['-ww', '-o', 'args=', '-p', String(pid)];
  return (await runCommand('ps', ps, { timeoutMs: PS_TIMEOUT_MS })).stdout.trim().split(' ');
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
