import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the receiver has seen since it was last reset; times in ms since the epoch. */
export interface ReceiverStats {
  received: number;
  firstAt: number;
  lastAt: number;
  /** From `sent_at` in the body to its arrival; of requests to /timed. */
  latenciesMs: number[];
  /** From the first request of a delivery to its second; of requests to /fail-once. */
  retryGapsMs: number[];
}

export interface Receiver {
  readonly url: string;
  reset(): Promise<void>;
  stats(): Promise<ReceiverStats>;
  stop(): void;
}

async function ask(child: ChildProcess, question: 'reset' | 'stats'): Promise<ReceiverStats> {
  const answer = once(child, 'message') as Promise<[{ stats: ReceiverStats }]>;
  child.send(question);
  const [{ stats }] = await answer;
  return stats;
}

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('./receiver-main.js', import.meta.url)), { serialization: 'advanced' });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    reset: () => ask(child, 'reset').then(() => undefined),
    stats: () => ask(child, 'stats'),
    stop: () => child.disconnect(),
  };
}
