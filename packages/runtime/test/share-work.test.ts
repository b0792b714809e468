import { expect, test } from '@jest/globals';
import { shareNext } from '../src/share-next.ts';
import { shareWork } from '../src/share-work.ts';

interface Begun {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Work that ends when the test says so. */
function controlled() {
  const begun: Begun[] = [];
  const work = () =>
    new Promise<number>((resolve, reject) => {
      begun.push({ resolve: () => resolve(begun.length), reject });
    });
  return { begun, work };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('All who ask while work is under way share it, and who asks after its end has it done anew', async () => {
  const { begun, work } = controlled();
  const ask = shareWork(work);
  const first = Array.from({ length: 500 }, ask);
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  expect(new Set(await Promise.all(first))).toEqual(new Set([1]));
  const next = ask();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  expect(await next).toBe(2);
});

test('Shared work that fails is told to all who wait for it, and to nobody who asks after that', async () => {
  const { begun, work } = controlled();
  const ask = shareWork(work);
  const waiting = [ask(), ask()];
  begun[0]?.reject(new Error('away'));
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = ask();
  begun[1]?.resolve();
  expect(await next).toBe(2);
});

/** Shared work of which each rest ends when the test says so. */
function rested() {
  const { begun, work } = controlled();
  const rests: (() => void)[] = [];
  const ask = shareNext(work, 100, (ms) => {
    expect(ms).toBe(100);
    return new Promise((resolve) => void rests.push(resolve));
  });
  return { begun, rests, ask };
}

test('Who asks while work is under way, or while there is rest, shares the next, which begins after both', async () => {
  const { begun, rests, ask } = rested();
  const first = [ask(), ask()];
  await turn();
  expect(begun).toHaveLength(1);
  const during = ask();
  begun[0]?.resolve();
  expect(await Promise.all(first)).toEqual([1, 1]);
  await turn();
  const resting = Array.from({ length: 500 }, ask);
  expect([begun.length, rests.length]).toEqual([1, 1]);
  rests[0]?.();
  await turn();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  expect(new Set(await Promise.all([during, ...resting]))).toEqual(new Set([2]));
});

test('After work that failed there is rest too, and the next is done', async () => {
  const { begun, rests, ask } = rested();
  const failed = ask();
  await turn();
  begun[0]?.reject(new Error('away'));
  await expect(failed).rejects.toThrow('away');
  const next = ask();
  await turn();
  expect(begun).toHaveLength(1);
  rests[0]?.();
  await turn();
  begun[1]?.resolve();
  expect(await next).toBe(2);
});
