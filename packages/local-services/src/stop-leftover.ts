import { readFileSync, rmSync } from 'node:fs';
import { processBirth } from './process-birth.ts';
import { type StopStep, stopProcess } from './stop-process.ts';

/**
 * Stops the server that `recordFile` names, when it is still the very process that was started: what a launcher
 * leaves behind that was killed. Returns the process id that was stopped, undefined when there was none.
 */
export async function stopLeftover(recordFile: string, steps: StopStep[]): Promise<number | undefined> {
  const record = readRecord(recordFile);
  const isOurs = () => record !== undefined && processBirth(record.pid) === record.birth;
  const found = isOurs();
  if (record && found) await stopProcess(record.pid, steps, () => !isOurs());
  rmSync(recordFile, { force: true });
  return found ? record?.pid : undefined;
}

function readRecord(recordFile: string): { pid: number; birth: string } | undefined {
  try {
    const { pid, birth } = JSON.parse(readFileSync(recordFile, 'utf8')) as { pid?: unknown; birth?: unknown };
    return typeof pid === 'number' && typeof birth === 'string' ? { pid, birth } : undefined;
  } catch {
    return undefined;
  }
}
