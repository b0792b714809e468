import { runCommand } from './run-command.ts';

const VERSION_TIMEOUT_MS = 10_000;
// What BullMQ asks for. Every Valkey is newer.
const OLDEST_REDIS = { major: 6, minor: 2 };

/** A server program that was seen to run. `libraries` are folders for LD_LIBRARY_PATH where it needs some. */
export interface RedisBinary {
  file: string;
  kind: 'redis' | 'valkey';
  version: string;
  libraries: string[];
}

/** Runs `file --version`. Returns the program, or undefined when it does not run, is too old, or is something else. */
export async function redisBinary(file: string, libraries: string[] = []): Promise<RedisBinary | undefined> {
  const { code, stdout } = await runCommand(file, ['--version'], {
    timeoutMs: VERSION_TIMEOUT_MS,
    env: redisEnv(libraries),
  });
  const found = /(redis|valkey|server).* v=((\d+)\.(\d+)[.\d]*)/i.exec(stdout);
  if (code !== 0 || !found) return undefined;
  const kind = /valkey/i.test(stdout) ? 'valkey' : 'redis';
  const [major, minor] = [Number(found[3]), Number(found[4])];
  const recent = major > OLDEST_REDIS.major || (major === OLDEST_REDIS.major && minor >= OLDEST_REDIS.minor);
  return recent ? { file, kind, version: found[2] ?? '', libraries } : undefined;
}

/** The environment a Redis is run with. */
export function redisEnv(libraries: string[]): NodeJS.ProcessEnv {
  const found = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') };
  return { LC_ALL: 'C', PATH: '/usr/bin:/bin', ...found };
}
