import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { createClaimer } from '../src/claim-or-release.ts';

const away = new Error('away');
const start = (failures: number, register: () => Promise<unknown> = () => Promise.resolve()) => {
  let made = 0;
  let left = failures;
  const released: string[][] = [];
  const claim = createClaimer({
    register,
    newLease: () => ({ token: `t${(made += 1)}`, dispatcherId: null, marginMs: 0 }),
    release: (tokens) => {
      left -= 1;
      if (left >= 0) return Promise.reject(away);
      released.push([...tokens]);
      return Promise.resolve();
    },
    now: () => 0,
  });
  return { claim, released };
};

test('What was answered is kept; what failed is given back whatever the error, since it may have failed after the claim', async () => {
  const { claim, released } = start(0);
  expect(await claim(({ token }) => Promise.resolve(token))).toBe('t1');
  await expect(claim(() => Promise.reject(new Error('deadlock')))).rejects.toThrow('deadlock');
  await eventually(() => expect(released).toEqual([['t2']]));
});

test('Claims without an answer are given back as soon as the database takes it, each once', async () => {
  const { claim, released } = start(1);
  for (let count = 0; count < 3; count += 1) await expect(claim(() => Promise.reject(away))).rejects.toThrow('away');
  await eventually(() => expect(released.flat().sort()).toEqual(['t1', 't2', 't3']));
});

test('Nothing is claimed before the dispatcher is known, and it is made known once; one that died unknown would be missed by nobody', async () => {
  const calls: string[] = [];
  let known: () => void = () => undefined;
  const { claim } = start(0, () => {
    calls.push('register');
    return new Promise<void>((resolve) => (known = resolve));
  });
  const claims = ['one', 'other'].map((name) => claim(() => Promise.resolve(calls.push(name))));
  await new Promise(setImmediate);
  expect(calls).toEqual(['register']);
  known();
  await Promise.all(claims);
  expect(calls).toEqual(['register', 'one', 'other']);
});

test('Where it could not be made known nothing is claimed, and the next claim tries again', async () => {
  let tries = 0;
  const { claim, released } = start(0, () => ((tries += 1) === 1 ? Promise.reject(away) : Promise.resolve()));
  await expect(claim(() => Promise.resolve('claimed'))).rejects.toThrow('away');
  expect(await claim(({ token }) => Promise.resolve(token))).toBe('t1');
  expect([tries, released]).toEqual([2, []]);
});
