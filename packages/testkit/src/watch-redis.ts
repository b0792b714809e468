import { Redis } from 'ioredis';

/** What was said to a Redis since it is watched. */
export interface RedisTraffic {
  text(): string;
  stop(): void;
}

/** Keeps every command of every client from now on, but for signing in, which Redis shows nobody. */
export async function watchRedis(url: string): Promise<RedisTraffic> {
  const client = new Redis(url);
  const monitor = await client.monitor();
  const lines: string[] = [];
  monitor.on('monitor', (_time: string, args: string[]) => lines.push(args.join(' ')));
  return {
    text: () => lines.join('\n'),
    stop() {
      monitor.disconnect();
      client.disconnect();
    },
  };
}
