import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the receiver has seen since it was last reset; times in ms since the epoch. */
export interface ReceiverStats {
  received: number;
  /** Of the first one that was not to be skipped. */
  firstAt: number;
  lastAt: number;
  /** From `sent_at` in the body to its arrival; of requests to /timed. */
  latenciesMs: number[];
  /** From the first request of a delivery to its second; of requests to /fail-once. */
  retryGapsMs: number[];
}

/** What the receiver's process is asked. */
export type ReceiverQuestion = { readonly kind: 'reset'; readonly skip: number } | { readonly kind: 'stats' };

export interface Receiver {
  readonly url: string;
  /** @param skip how many to receive before `firstAt` is taken */
  reset(skip?: number): Promise<void>;
  stats(): Promise<ReceiverStats>;
  stop(): void;
}

async function ask(child: ChildProcess, question: ReceiverQuestion): Promise<ReceiverStats> {
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
    reset: (skip = 0) => ask(child, { kind: 'reset', skip }).then(() => undefined),
    stats: () => ask(child, { kind: 'stats' }),
    stop: () => child.disconnect(),
  };
}
