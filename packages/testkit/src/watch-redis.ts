import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from './eventually.ts';

/** What was said to a Redis since it is watched. */
export interface RedisTraffic {
  text(): string;
  stop(): void;
}

/**
 * Keeps every command of every client from now on, but for signing in, which Redis shows nobody.
 *
 * A bare socket: on a busy Redis ioredis takes the first commands that it is shown for replies.
 */
export async function watchRedis(url: string): Promise<RedisTraffic> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const chunks: string[] = [];
  socket.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  // Ends with the server, when the test does.
  socket.on('error', () => undefined);
  socket.write('MONITOR\r\n');
  await eventually(() => chunks.join('').startsWith('+OK'));
  return {
    text: () => chunks.join(''),
    stop: () => void socket.destroy(),
  };
}
