import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@posthorn/local-services/free-port';
import { NODE_FLAGS } from '@posthorn/local-services/node-flags';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 20;

/** A process of the product. */
export interface App {
  readonly url: string;
  /** The most memory that it has had resident, in MB. */
  peakMb(): Promise<number>;
  /** CPU seconds used so far, user and system. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

const CLOCK_TICKS_PER_SECOND = 100;

async function awaitReady(url: string, ended: () => boolean): Promise<void> {
  for (const until = Date.now() + READY_TIMEOUT_MS; ; await delay(POLL_MS)) {
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    if (ended() || Date.now() > until) throw new Error(`The process at ${url} did not get ready`);
  }
}

/** Starts the API or a dispatcher from the build, logging as in production. */
export async function startApp(
  app: 'api' | 'dispatcher',
  env: Record<string, string>,
  nodeOptions: readonly string[] = [],
): Promise<App> {
  const port = String(await freePort());
  const child = spawn(process.execPath, [...NODE_FLAGS[app], ...nodeOptions, `${root}apps/${app}/dist/main.js`], {
    env: { NODE_ENV: 'production', PORT: port, DISPATCHER_PORT: port, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await awaitReady(url, () => child.exitCode !== null);
  return {
    url,
    async peakMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
    },
    async cpuSeconds() {
      const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
