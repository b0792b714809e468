import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gather } from '../src/gather.ts';
import { gatherApart } from '../src/gather-apart.ts';
import { Overloaded } from '../src/overloaded.ts';

/** A flush that waits until the test lets it go on, and notes what it was given. */
function heldFlush() {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  return {
    batches,
    release: () => gates.shift()?.(),
    async flush(items: number[]): Promise<number[]> {
      batches.push(items);
      await new Promise<void>((resolve) => {
        gates.push(resolve);
      });
      return items.map((item) => item * 10);
    },
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const turns = async (count: number) => {
  for (let index = 0; index < count; index += 1) await turn();
};

describe('gather', () => {
  test('a lone call goes alone, within the same turn of the event loop', async () => {
    const held = heldFlush();
    const call = gather({ maxItems: 10, maxBatches: 1, maxWaiting: 100, flush: held.flush });
    const answer = call(1);
    expect(held.batches).toEqual([]);
    await turn();
    expect(held.batches).toEqual([[1]]);
    held.release();
    await expect(answer).resolves.toBe(10);
  });

  test('calls of one turn share a batch, and each gets its own result', async () => {
    const batches: number[][] = [];
    const call = gather({
      maxItems: 10,
      maxBatches: 1,
      maxWaiting: 100,
      flush: async (items: number[]) => {
        batches.push(items);
        return items.map((item) => item * 10);
      },
    });
    await expect(Promise.all([call(3), call(1), call(2)])).resolves.toEqual([30, 10, 20]);
    expect(batches).toEqual([[3, 1, 2]]);
  });

  test('what arrives while a batch is under way becomes the next one', async () => {
    const held = heldFlush();
    const call = gather({ maxItems: 10, maxBatches: 1, maxWaiting: 100, flush: held.flush });
    const answers = [call(1)];
    await turn();
    answers.push(call(2), call(3));
    await turns(3);
    answers.push(call(4));
    await turns(3);
    expect(held.batches).toEqual([[1]]);
    held.release();
    await turns(3);
    expect(held.batches).toEqual([[1], [2, 3, 4]]);
    held.release();
    await expect(Promise.all(answers)).resolves.toEqual([10, 20, 30, 40]);
  });

  test('no batch is larger than maxItems, no more than maxBatches run at once', async () => {
    const held = heldFlush();
    const call = gather({ maxItems: 2, maxBatches: 2, maxWaiting: 100, flush: held.flush });
    const answers = Promise.all([1, 2, 3, 4, 5].map((item) => call(item)));
    await turns(5);
    expect(held.batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    held.release();
    await turns(3);
    expect(held.batches).toEqual([[1, 2], [3, 4], [5]]);
    held.release();
    held.release();
    await expect(answers).resolves.toEqual([10, 20, 30, 40, 50]);
  });

  describe('beside a batch that is under way', () => {
    const withCompany = (held: ReturnType<typeof heldFlush>, ms: number) =>
      gather({ maxItems: 10, maxBatches: 2, company: { items: 3, ms }, maxWaiting: 100, flush: held.flush });

    test('the next one begins as soon as it has company', async () => {
      const held = heldFlush();
      const call = withCompany(held, 60_000);
      const answers = [call(1)];
      await turn();
      answers.push(call(2), call(3));
      await turns(3);
      expect(held.batches).toEqual([[1]]);
      answers.push(call(4));
      await turns(2);
      expect(held.batches).toEqual([[1], [2, 3, 4]]);
      held.release();
      held.release();
      await expect(Promise.all(answers)).resolves.toEqual([10, 20, 30, 40]);
    });

    test('what is alone goes when the other ends', async () => {
      const held = heldFlush();
      const call = withCompany(held, 60_000);
      const answers = [call(1)];
      await turn();
      answers.push(call(2));
      await turns(3);
      expect(held.batches).toEqual([[1]]);
      held.release();
      await turns(3);
      expect(held.batches).toEqual([[1], [2]]);
      held.release();
      await expect(Promise.all(answers)).resolves.toEqual([10, 20]);
    });

    test('or when it has waited long enough', async () => {
      const held = heldFlush();
      const call = withCompany(held, 30);
      const answers = [call(1)];
      await turn();
      answers.push(call(2));
      const startedAt = performance.now();
      while (held.batches.length < 2) await turn();
      expect(held.batches).toEqual([[1], [2]]);
      expect(performance.now() - startedAt).toBeGreaterThan(25);
      held.release();
      held.release();
      await expect(Promise.all(answers)).resolves.toEqual([10, 20]);
    });
  });

  test('callers who call again once they are answered come to take turns by halves, however unequal they began', async () => {
    const held = heldFlush();
    const call = gather({ maxItems: 100, maxBatches: 1, maxWaiting: 100, halves: true, flush: held.flush });
    const callAgain = async (item: number): Promise<void> => {
      await call(item);
      await turns(2);
      void callAgain(item);
    };
    for (let item = 0; item < 3; item += 1) void callAgain(item);
    await turn();
    for (let item = 3; item < 32; item += 1) void callAgain(item);
    for (let batch = 0; batch < 8; batch += 1) {
      held.release();
      await turns(5);
    }
    expect(held.batches.map((batch) => batch.length)).toEqual([3, 16, 16, 16, 16, 16, 16, 16, 16]);
  });

  test('of few that wait none is left to the next batch, though it might take halves', async () => {
    const held = heldFlush();
    const call = gather({ maxItems: 100, maxBatches: 1, maxWaiting: 100, halves: true, flush: held.flush });
    for (let item = 0; item < 8; item += 1) void call(item);
    await turn();
    expect(held.batches.map((batch) => batch.length)).toEqual([8]);
    held.release();
  });

  test('a batch that fails rejects its own calls and no other', async () => {
    const failure = new Error('this batch');
    const call = gather({
      maxItems: 2,
      maxBatches: 1,
      maxWaiting: 100,
      flush: async (items: number[]) => {
        if (items.includes(1)) throw failure;
        return items;
      },
    });
    const settled = await Promise.allSettled([call(1), call(2), call(3), call(4)]);
    expect(settled).toEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
      { status: 'fulfilled', value: 3 },
      { status: 'fulfilled', value: 4 },
    ]);
    await expect(call(5)).resolves.toBe(5);
  });

  test('a flush that throws before its promise rejects the calls too', async () => {
    const call = gather({
      maxItems: 2,
      maxBatches: 1,
      maxWaiting: 100,
      flush: () => {
        throw new Error('at once');
      },
    });
    await expect(call(1)).rejects.toThrow('at once');
  });

  test('what comes while as much waits as may is refused at once, and what waits is not harmed', async () => {
    const held = heldFlush();
    const call = gather({ maxItems: 1, maxBatches: 1, maxWaiting: 2, flush: held.flush });
    const first = call(1);
    await turn();
    const waiting = [call(2), call(3)];
    await expect(call(4)).rejects.toThrow(Overloaded);
    held.release();
    await turns(3);
    const next = call(5);
    for (let batch = 0; batch < 3; batch += 1) {
      held.release();
      await turns(3);
    }
    await expect(Promise.all([first, ...waiting, next])).resolves.toEqual([10, 20, 30, 50]);
  });

  describe('of items with owners', () => {
    const ownerOf = (item: number): string => (item < 100 ? 'many' : String(item));

    test('whoever fills the line leaves places for others, however many come, and those for the next', async () => {
      const call = gather({ maxItems: 1, maxBatches: 1, maxWaiting: 50, ownerOf, flush: heldFlush().flush });
      const refused: number[] = [];
      const add = (item: number) => void call(item).catch(() => refused.push(item));
      for (let item = 0; item < 60; item += 1) add(item);
      for (let item = 100; item < 110; item += 1) add(item);
      await turns(2);
      expect(refused).toEqual(Array.from({ length: 20 }, (_, index) => 40 + index));
    });

    test('each batch takes from every owner in turn, and of each the longest waiting', async () => {
      const held = heldFlush();
      const call = gather({ maxItems: 3, maxBatches: 1, maxWaiting: 100, ownerOf, flush: held.flush });
      const answers = [call(0)];
      await turn();
      for (const item of [1, 2, 3, 4, 5, 101, 102]) answers.push(call(item));
      for (let batch = 0; batch < 4; batch += 1) {
        await turns(3);
        held.release();
      }
      expect(await Promise.all(answers)).toEqual([0, 10, 20, 30, 40, 50, 1_010, 1_020]);
      expect(held.batches).toEqual([[0], [1, 101, 102], [2, 3, 4], [5]]);
    });
  });

  test('what has waited for longer than its caller does is dropped, and makes room', async () => {
    const held = heldFlush();
    let clock = 0;
    const call = gather({
      maxItems: 1,
      maxBatches: 1,
      maxWaiting: 1,
      maxWaitMs: 30,
      now: () => clock,
      flush: held.flush,
    });
    const first = call(1);
    await turn();
    const late = call(2).catch((error: unknown) => error);
    clock = 29;
    await expect(call(3)).rejects.toThrow(Overloaded);
    clock = 30;
    const later = call(3);
    expect(await late).toBeInstanceOf(Overloaded);
    held.release();
    await turns(3);
    held.release();
    await expect(Promise.all([first, later])).resolves.toEqual([10, 30]);
    expect(held.batches).toEqual([[1], [3]]);
  });

  test('whatever the sizes, every call gets the result of its own item, and batches keep the order of calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ item: fc.integer(), pause: fc.nat(2) }), { maxLength: 40, size: 'max' }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        async (calls, maxItems, maxBatches) => {
          const seen: number[] = [];
          let underWay = 0;
          const call = gather({
            maxItems,
            maxBatches,
            maxWaiting: 100,
            flush: async (items: { item: number }[]) => {
              underWay += 1;
              expect(underWay).toBeLessThanOrEqual(maxBatches);
              expect(items.length).toBeGreaterThan(0);
              expect(items.length).toBeLessThanOrEqual(maxItems);
              seen.push(...items.map(({ item }) => item));
              await turn();
              underWay -= 1;
              return items;
            },
          });
          const answers: Promise<unknown>[] = [];
          for (const each of calls) {
            answers.push(call(each));
            await turns(each.pause);
          }
          expect(await Promise.all(answers)).toEqual(calls);
          expect(seen).toEqual(calls.map(({ item }) => item));
        },
      ),
    );
  });
});

describe('gatherApart', () => {
  test('what holds one key up holds no other up, and items of two keys share no batch', async () => {
    const held = heldFlush();
    const { add, isBusy } = gatherApart<number, number>({
      maxItems: 10,
      maxBatches: 1,
      maxWaiting: 3,
      flush: (items) => (items.includes(1) ? held.flush(items) : Promise.resolve(items.map((item) => item * 10))),
    });
    const first = add('slow', 1);
    await turns(2);
    const waiting = [add('slow', 2), add('slow', 3), add('slow', 4)];
    await expect(add('slow', 5)).rejects.toBeInstanceOf(Overloaded);
    expect(await Promise.all([add('quick', 6), add('quick', 7)])).toEqual([60, 70]);
    expect([isBusy('slow'), isBusy('quick')]).toEqual([true, false]);
    held.release();
    expect(await Promise.all([first, ...waiting])).toEqual([10, 20, 30, 40]);
    expect(held.batches).toEqual([[1]]);
  });

  test('a key that has nothing under way begins anew, also after a failure', async () => {
    const { add } = gatherApart<number, number>({
      maxItems: 10,
      maxBatches: 1,
      maxWaiting: 10,
      flush: async ([item]) => {
        if (item === 0) throw new Error('refused');
        return [item as number];
      },
    });
    await expect(add('key', 0)).rejects.toThrow('refused');
    expect(await add('key', 1)).toBe(1);
  });
});
