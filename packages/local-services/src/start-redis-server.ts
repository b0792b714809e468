import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type LaunchedServer, launchServer, type ServerCommand } from './launch-server.ts';
import { pingRedis } from './ping-redis.ts';
import { pollUntil } from './poll-until.ts';
import type { StopStep } from './stop-process.ts';

const READY_TIMEOUT_MS = 60_000;
const CHECK_EVERY_MS = 20;

/** How a Redis ends: SIGTERM lets it write what it holds. */
export const REDIS_STOP_STEPS: StopStep[] = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/** The part of a server command that depends on the port. */
export type CommandForPort = (port: number) => Pick<ServerCommand, 'name' | 'file' | 'args' | 'env'>;

/** A server that answers PING on `port`. */
export type AnsweringServer = LaunchedServer & { port: number };

/**
 * Starts a Redis of any make in `folder` and returns when it answers PING. Redis is disposable here, PostgreSQL being
 * the truth: data that this Redis cannot read is set aside (`unreadable`), and it starts empty.
 * Throws with the end of the server's log when it does not start.
 */
export async function startRedisServer(
  folder: string,
  recordFile: string,
  port: number | undefined,
  commandFor: CommandForPort,
  log: (line: string) => void,
): Promise<AnsweringServer> {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const logFile = join(folder, 'server.log');
  const attempt = async () => {
    const chosen = port ?? (await freePort());
    const place = { cwd: join(folder, 'data'), logFile, recordFile, stopSteps: REDIS_STOP_STEPS };
    return answering(await launchServer({ ...commandFor(chosen), ...place }), chosen);
  };
  const first = (await attempt()) ?? (await attempt());
  if (first) return first;
  if (setAside(folder)) log(`Redis could not start with its data, which is kept in ${join(folder, 'unreadable')}`);
  const second = await attempt();
  if (second) return second;
  throw new Error(`Redis does not start. Its log, ${logFile}, says:\n${readFileSync(logFile, 'utf8').trim()}`);
}

async function answering(server: LaunchedServer, port: number): Promise<AnsweringServer | undefined> {
  const settled = async () => server.hasExited() || (await pingRedis(port));
  const inTime = await pollUntil(settled, { timeoutMs: READY_TIMEOUT_MS, everyMs: CHECK_EVERY_MS });
  if (inTime && !server.hasExited()) return { ...server, port };
  await server.stop();
  return undefined;
}

function setAside(folder: string): boolean {
  const [data, aside] = [join(folder, 'data'), join(folder, 'unreadable')];
  if (!existsSync(data)) return false;
  rmSync(aside, { recursive: true, force: true });
  renameSync(data, aside);
  mkdirSync(data);
  return true;
}
