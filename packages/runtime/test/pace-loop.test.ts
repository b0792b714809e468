import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paceLoop } from '../src/pace-loop.ts';

const named = (owner: string) => () => owner;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Notes what begins, and in which turn of the event loop. */
function notedLoop(perTurn: number) {
  const begin = paceLoop(perTurn, 1_000);
  const begun: string[] = [];
  return {
    begun,
    ask: (owner: string, name: string) => begin(named(owner), () => begun.push(`${owner}${name}`)),
  };
}

test('What a turn has room for begins at once, and the next turn has room again', async () => {
  const { begun, ask } = notedLoop(2);
  ask('a', '1');
  ask('a', '2');
  expect(begun).toEqual(['a1', 'a2']);
  await turn();
  ask('a', '3');
  expect(begun).toEqual(['a1', 'a2', 'a3']);
});

test('One who asks for ten turns at once is followed, in the next turn, by one who asks after that', async () => {
  const { begun, ask } = notedLoop(4);
  for (let index = 0; index < 40; index += 1) ask('a', `${index}`);
  ask('b', '0');
  await turn();
  expect(begun).toHaveLength(8);
  expect(begun).toContain('b0');
});

test('Whatever was put off goes before what comes later, also of one who asks again at each beginning', async () => {
  const begin = paceLoop(2, 1_000);
  const begun: string[] = [];
  const again = (): void => {
    if (begun.push('a') < 100) begin(named('a'), again);
  };
  for (let index = 0; index < 4; index += 1) begin(named('a'), again);
  begin(named('b'), () => begun.push('b'));
  await turn();
  await turn();
  expect(begun.indexOf('b')).toBeGreaterThan(-1);
  expect(begun.length).toBeLessThanOrEqual(6);
});

test('Who fills the places is refused more, and others have some left; what has begun leaves its place', async () => {
  const begin = paceLoop(1, 10);
  const asked = (owner: string, times: number) =>
    Array.from({ length: times }, () => begin(named(owner), () => undefined));
  expect(asked('a', 12).filter(Boolean)).toHaveLength(9);
  expect(asked('b', 3)).toEqual([true, true, false]);
  await turn();
  await turn();
  expect(asked('a', 2)).toEqual([true, false]);
});

test('No turn begins more than it may, nothing is lost, and each owner’s begin in order', async () => {
  const asks = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 200, size: 'max' });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.array(asks, { maxLength: 4, size: 'max' }),
      async (most, turns) => {
        const { begun, ask } = notedLoop(most);
        const expected = new Map<string, string[]>();
        const settle = async () => {
          const before = begun.length;
          await turn();
          expect(begun.length - before).toBeLessThanOrEqual(most);
        };
        for (const [index, owners] of turns.entries()) {
          const before = begun.length;
          owners.forEach((owner, place) => {
            const name = `${index}.${place}`;
            expected.set(owner, [...(expected.get(owner) ?? []), `${owner}${name}`]);
            ask(owner, name);
          });
          expect(begun.length - before).toBeLessThanOrEqual(most);
          await settle();
        }
        const whole = [...expected.values()].flat().length;
        for (let rest = Math.ceil(whole / most) + 1; rest > 0; rest -= 1) await settle();
        for (const [owner, names] of expected) expect(begun.filter((name) => name.startsWith(owner))).toEqual(names);
        expect(begun).toHaveLength(whole);
      },
    ),
  );
});
