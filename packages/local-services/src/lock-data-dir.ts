import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processBirth } from './process-birth.ts';

const TAKEOVER_TRIES = 5;

interface Holder {
  pid: number;
  birth: string;
  since: string;
}

/**
 * Takes the lock file of a data folder for this process and returns the function that gives it back.
 * Throws a message with the holder's process id when a living process has it. A lock whose process is dead, or whose
 * process id now belongs to another process, is taken over.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  mkdirSync(dataDir, { recursive: true });
  const lock = join(dataDir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, birth: processBirth(process.pid), since: new Date().toISOString() });
  for (let attempt = 0; attempt < TAKEOVER_TRIES; attempt++) {
    if (createWhole(lock, mine)) return async () => removeIfMine(lock, mine);
    const found = read(lock);
    const holder = found === undefined ? undefined : parse(found);
    if (holder && processBirth(holder.pid) === holder.birth) throw new Error(refusal(dataDir, holder));
    if (found !== undefined) removeStale(lock, found);
  }
  throw new Error(`The lock file ${lock} keeps changing. Is something else starting in this folder?`);
}

function refusal(dataDir: string, holder: Holder): string {
  return (
    `The data folder ${dataDir} is in use by process ${holder.pid}, which started there at ${holder.since}. ` +
    'Stop that one first (Ctrl-C in its terminal), or set DATA_DIR to another folder.'
  );
}

// Written aside and linked into place, so that nobody ever reads half a lock.
function createWhole(lock: string, text: string): boolean {
  const aside = `${lock}.${randomUUID()}`;
  writeFileSync(aside, text, { mode: 0o600 });
  try {
    linkSync(aside, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

// Moved away before it is judged again: between our look and now another process may have replaced it with its own.
function removeStale(lock: string, seen: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (read(aside) !== seen) linkSync(aside, lock);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function removeIfMine(lock: string, mine: string): void {
  if (read(lock) === mine) rmSync(lock, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.birth === 'string' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}
