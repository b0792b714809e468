import { expect, test } from '@jest/globals';
import { shareWork } from '../src/share-work.ts';

/** Work that ends when the test says so, by a clock of the test's own. */
function controlled(keepMs: number) {
  const clock = { ms: 0 };
  const begun: Begun[] = [];
  const ask = shareWork(
    () =>
      new Promise<number>((resolve, reject) => {
        begun.push({ resolve: () => resolve(begun.length), reject });
      }),
    { keepMs, now: () => clock.ms },
  );
  return { clock, begun, ask };
}

interface Begun {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

test('All who ask while work is under way get its result, and who asks after its end has it done anew', async () => {
  const { begun, ask } = controlled(0);
  const first = Array.from({ length: 500 }, ask);
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  expect(new Set(await Promise.all(first))).toEqual(new Set([1]));
  const next = ask();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  expect(await next).toBe(2);
});

test('Work that took longer than its result is kept is not done anew before it was kept so long', async () => {
  const { clock, begun, ask } = controlled(250);
  const first = ask();
  clock.ms = 1_000;
  const late = ask();
  begun[0]?.resolve();
  expect(await Promise.all([first, late])).toEqual([1, 1]);
  clock.ms = 1_249;
  expect(await ask()).toBe(1);
  clock.ms = 1_250;
  const next = ask();
  begun[1]?.resolve();
  expect(await next).toBe(2);
});

test('What fails is told to all who wait for it, and to nobody who asks after that', async () => {
  const { begun, ask } = controlled(250);
  const waiting = [ask(), ask()];
  begun[0]?.reject(new Error('away'));
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = ask();
  begun[1]?.resolve();
  expect(await next).toBe(2);
});
