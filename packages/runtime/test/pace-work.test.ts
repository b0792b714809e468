import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Overloaded } from '../src/overloaded.ts';
import { doAtOnce, type PaceClock, paceWork, type Steps } from '../src/pace-work.ts';

/** A clock that only work and waiting move. */
function createClock() {
  let nowMs = 0;
  const timers: { readonly at: number; readonly begin: () => void }[] = [];
  const clock: PaceClock = {
    now: () => nowMs,
    later: (ms, begin) => void timers.push({ at: nowMs + ms, begin }),
  };
  return {
    clock,
    /** Spends time on work. */
    spend: (ms: number) => {
      nowMs += ms;
    },
    now: () => nowMs,
    /** Waits until a time. */
    passTo(ms: number): void {
      for (;;) {
        timers.sort((a, b) => a.at - b.at);
        const [first] = timers;
        if (!first || first.at > ms) break;
        timers.shift();
        nowMs = Math.max(nowMs, first.at);
        first.begin();
      }
      nowMs = Math.max(nowMs, ms);
    },
  };
}

const wanted = () => true;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Notes each step with its times. */
function notedWork() {
  const { clock, spend, now, passTo } = createClock();
  const pace = paceWork(clock);
  const done: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  function* stepsOf(name: string, costs: readonly number[]): Steps<string> {
    for (const [index, cost] of costs.entries()) {
      if (index > 0) yield;
      const from = now();
      spend(cost);
      done.push({ name, from, to: now() });
    }
    return name;
  }
  const names = () => done.map(({ name }) => name);
  return { pace, stepsOf, done, names, passTo, now };
}

test('Work that comes alone begins at once, and gives back what its last step returned', async () => {
  const { pace, stepsOf, names, passTo } = notedWork();
  const result = pace({ owner: 'a', steps: stepsOf('a', [1, 1]), isWanted: wanted });
  expect(names()).toEqual(['a', 'a']);
  passTo(100);
  expect(await result).toBe('a');
});

test('After each slice the loop is free for as long as it took, however much waits, and a slice is over with the step that makes 10 ms', async () => {
  const cost = fc.integer({ min: 0, max: 40 });
  const work = fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    costs: fc.array(cost, { maxLength: 8, size: 'max' }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 30, size: 'max' }), async (works) => {
      const { pace, stepsOf, done, passTo } = notedWork();
      const results = works.map(({ owner, costs }) => pace({ owner, steps: stepsOf(owner, costs), isWanted: wanted }));
      passTo(1e6);
      expect(await Promise.all(results)).toEqual(works.map(({ owner }) => owner));
      const slices: { from: number; to: number }[] = [];
      for (const { from, to } of done) {
        const last = slices.at(-1);
        if (last && from - last.from < 10 && from === last.to) last.to = to;
        else slices.push({ from, to });
      }
      slices.forEach(({ from }, index) => {
        const before = slices[index - 1];
        if (before) expect(from - before.to).toBeGreaterThanOrEqual(before.to - before.from);
      });
    }),
  );
});

test('Of each owner in turn a step is done, and of one owner’s work what came first is done before the next is begun', async () => {
  const { pace, stepsOf, names, passTo } = notedWork();
  const asked = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) =>
    pace({ owner: name.charAt(0), steps: stepsOf(name, [20, 20]), isWanted: wanted }),
  );
  passTo(1_000);
  await Promise.all(asked);
  expect(names()).toEqual(['a1', 'a1', 'b1', 'c1', 'a2', 'b1', 'c1', 'a2', 'a3', 'a3']);
});

test('What is under way already goes before what else its owner has waiting', async () => {
  const { pace, stepsOf, names, passTo } = notedWork();
  const ask = (name: string, isUnderWay: boolean) =>
    pace({ owner: 'a', steps: stepsOf(name, [20]), isWanted: wanted, isUnderWay });
  const asked = [ask('first', false), ask('second', false), ask('rest of the first', true)];
  passTo(1_000);
  await Promise.all(asked);
  expect(names()).toEqual(['first', 'rest of the first', 'second']);
});

test('Work that nobody wants any more is not done, and is no reason for others to wait', async () => {
  const { pace, stepsOf, names, passTo, now } = notedWork();
  const first = pace({ owner: 'a', steps: stepsOf('a', [20]), isWanted: wanted });
  const unwanted = Array.from({ length: 100 }, () =>
    pace({ owner: 'a', steps: stepsOf('unwanted', [20]), isWanted: () => false }).catch((error: unknown) => error),
  );
  const last = pace({ owner: 'b', steps: stepsOf('b', [20]), isWanted: wanted });
  passTo(1_000);
  await Promise.all([first, last]);
  expect(names()).toEqual(['a', 'b']);
  for (const error of await Promise.all(unwanted)) expect(error).toBeInstanceOf(Overloaded);
  expect(now()).toBe(1_000);
});

test('Work that throws is rejected with what it threw, and the next is done', async () => {
  const { pace, stepsOf, passTo } = notedWork();
  function* fail(): Steps<string> {
    yield;
    throw new Error('no');
  }
  const results = Promise.allSettled([
    pace({ owner: 'a', steps: fail(), isWanted: wanted }),
    pace({ owner: 'a', steps: stepsOf('a', [1]), isWanted: wanted }),
  ]);
  passTo(100);
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('By the process’s own clock it leaves the loop to others between slices, and all is done in the end', async () => {
  const pace = paceWork();
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  count();
  function* spin(): Steps<number> {
    for (let step = 0; step < 3; step += 1) {
      for (const until = performance.now() + 12; performance.now() < until; );
      yield;
    }
    return turns;
  }
  const [first = 0, second = 0] = await Promise.all(
    ['a', 'b'].map((owner) => pace({ owner, steps: spin(), isWanted: wanted })),
  );
  isOver = true;
  expect(first).toBeGreaterThan(4);
  expect(second).toBeGreaterThan(first);
  await settled();
});

test('Done at once, work gives back what its last step returned', () => {
  const { stepsOf, names } = notedWork();
  expect(doAtOnce(stepsOf('a', [1, 1]))).toBe('a');
  expect(names()).toEqual(['a', 'a']);
});
