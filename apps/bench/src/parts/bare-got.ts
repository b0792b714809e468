import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Requests per second of a bare got loop against this URL. */
export async function bareGotPerSecond(url: string, seconds: number): Promise<number> {
  const script = fileURLToPath(new URL('./bare-got-main.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, url, String(seconds)]);
  return (JSON.parse(stdout) as { per_s: number }).per_s;
}
