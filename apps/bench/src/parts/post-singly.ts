import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/** What came of posting events one by one over several connections. */
export interface Posted {
  readonly perSecond: number;
  /** From each request to its answer. */
  readonly timesMs: readonly number[];
}

/** Posts events one by one to `url` from a process of its own. */
export async function postSingly(
  url: string,
  key: string,
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<Posted> {
  const script = fileURLToPath(new URL('./poster-main.js', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, `${url}/v1/events`, key, String(seconds), String(connections)],
    { maxBuffer: MAX_OUTPUT_BYTES },
  );
  const { per_s, times_ms } = JSON.parse(stdout) as { per_s: number; times_ms: number[] };
  return { perSecond: per_s, timesMs: times_ms };
}
