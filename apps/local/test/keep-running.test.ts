import { expect, test } from '@jest/globals';
import { pollUntil } from '@posthorn/local-services/poll-until';
import { keepRunning, type Running } from '../src/keep-running.ts';

const WAIT = { timeoutMs: 20_000, everyMs: 10 };

/** A part that the test can end, and a count of how often it was started. */
function endable() {
  const starts: ((reason: string) => void)[] = [];
  let stopped = 0;
  const start = async (): Promise<Running> => {
    const { promise, resolve } = withResolvers<string>();
    starts.push(resolve);
    const stop = async () => {
      stopped++;
      resolve('stopped');
    };
    return { exited: promise, stop };
  };
  return { start, starts, stoppedTimes: () => stopped };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test('what ends by itself is started again, and said', async () => {
  const part = endable();
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const kept = await keepRunning({ name: 'it', start: part.start, say, giveUp: () => undefined });
  part.starts[0]?.('it ended by SIGKILL');
  expect(await pollUntil(() => part.starts.length === 2, WAIT)).toBe(true);
  expect(lines).toEqual(['it ended by SIGKILL; starting it again (1 of 5)']);
  await kept.stop();
});

test('what was stopped is not started again', async () => {
  const part = endable();
  const kept = await keepRunning({ name: 'it', start: part.start, say: () => undefined, giveUp: () => undefined });
  await kept.stop();
  expect(part.starts).toHaveLength(1);
  expect(part.stoppedTimes()).toBeGreaterThan(0);
});

test('stopping in the pause before a restart starts nothing', async () => {
  const part = endable();
  const kept = await keepRunning({ name: 'it', start: part.start, say: () => undefined, giveUp: () => undefined });
  part.starts[0]?.('it ended');
  await kept.stop();
  expect(part.starts).toHaveLength(1);
});

test('what keeps ending is given up once, with the last reason', keepsEnding, 30_000);

async function keepsEnding(): Promise<void> {
  const reasons: string[] = [];
  let tries = 0;
  const start = async (): Promise<Running> => {
    tries++;
    return { exited: Promise.resolve(`end ${tries}`), stop: async () => undefined };
  };
  await keepRunning({ name: 'it', start, say: () => undefined, giveUp: (reason) => void reasons.push(reason) });
  expect(await pollUntil(() => reasons.length > 0, WAIT)).toBe(true);
  expect(reasons).toEqual(['end 6. It was started 5 times in a minute: giving up.']);
}

test('a very first start that fails is the caller’s to handle', async () => {
  const start = async (): Promise<Running> => {
    throw new Error('no such program');
  };
  const plan = { name: 'it', start, say: () => undefined, giveUp: () => undefined };
  await expect(keepRunning(plan)).rejects.toThrow('no such program');
});
