import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '@posthorn/local-services/node-flags';
import { claimPort } from './claim-port.ts';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const READY_TIMEOUT_MS = 20_000;

/** A built process of the product, really running. */
export interface StartedProcess {
  readonly url: string;
  readonly pid: number;
  /** What it wrote so far, both streams. */
  output(): string;
  /** Sends a signal and waits for the end. @returns the exit code, or null after a signal */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
}

const portSetting = { api: 'PORT', dispatcher: 'DISPATCHER_PORT' } as const;
/** What each logs once it listens: an answer on its port may come from something else until then. */
const LISTENS = { api: '"message":"listening"', dispatcher: '"message":"started"' } as const;

/** The 32 bytes that tests seal secrets with. */
export const TEST_SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
/** The operator's key in tests. */
export const TEST_ADMIN_KEY = 'test-admin-key-0123456789';

function waitForExit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return once(child, 'exit').then(([code]) => code as number | null);
}

/**
 * Starts the API or a dispatcher from its build, on a free port.
 *
 * @param env on top of the test's defaults; `DATABASE_URL` and `REDIS_URL` are needed
 * @param until it says that it is ready; `alive`: it answers at all; `spawned`: it may end before it ever answers
 */
export async function startProcess(
  app: 'api' | 'dispatcher',
  env: Record<string, string>,
  until: 'ready' | 'alive' | 'spawned' = 'ready',
): Promise<StartedProcess> {
  const port = Number(env[portSetting[app]] ?? (await claimPort()));
  const child = spawn(process.execPath, [...NODE_FLAGS[app], `${root}apps/${app}/dist/main.js`], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      [portSetting[app]]: String(port),
      ADMIN_API_KEY: TEST_ADMIN_KEY,
      SECRETS_KEY: TEST_SECRETS_KEY,
      EGRESS_ALLOW: '127.0.0.0/8,::1/128',
      ALLOW_HTTP: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const isUp = async (): Promise<true> => {
    if (!output.includes(LISTENS[app])) throw new Error(`The ${app} does not listen yet`);
    const answer = await fetch(`${url}${until === 'ready' ? '/readyz' : '/livez'}`);
    if (!answer.ok) throw new Error(`The ${app} answers ${await answer.text()}`);
    return true;
  };
  const start = async (): Promise<void> => {
    if (until === 'spawned') return;
    await eventually(() => hasEnded() || isUp(), READY_TIMEOUT_MS);
    if (hasEnded()) throw new Error(`The ${app} ended with ${child.exitCode ?? child.signalCode}`);
  };
  await start().catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${output}`, { cause: error });
  });
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return waitForExit(child);
    },
  };
}
