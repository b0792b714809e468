import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideSettlement, GIVE_UP_AFTER_MS, MAX_WAIT_MS } from '../src/notify/decide-settlement.ts';

const failed = { kind: 'failed', reason: 'The server is away' } as const;

test('Waits grow from two seconds to a quarter of an hour', () => {
  const waits = Array.from({ length: 12 }, (_, index) => decideSettlement(failed, { tries: index + 1, ageMs: 0 }));
  expect(waits.map((next) => (next.status === 'pending' ? next.delayMs / 1_000 : null))).toEqual([
    2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900,
  ]);
});

test('However often it was tried, the wait is a bounded number until the day is over, and then it is given up', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: GIVE_UP_AFTER_MS - 1 }),
      (tries, ageMs) => {
        const next = decideSettlement(failed, { tries, ageMs });
        expect(next.status).toBe('pending');
        if (next.status !== 'pending') return;
        expect(next.delayMs).toBeGreaterThan(0);
        expect(next.delayMs).toBeLessThanOrEqual(MAX_WAIT_MS);
      },
    ),
  );
  expect(decideSettlement(failed, { tries: 3, ageMs: GIVE_UP_AFTER_MS })).toEqual({
    status: 'failed',
    error: failed.reason,
  });
});

test('A mail that was refused for good, or has nobody to go to, is not tried again', () => {
  const now = { tries: 1, ageMs: 0 };
  expect(decideSettlement({ kind: 'refused', reason: 'No such user' }, now)).toEqual({
    status: 'failed',
    error: 'No such user',
  });
  expect(decideSettlement({ kind: 'unaddressed', reason: 'No address' }, now)).toEqual({
    status: 'logged',
    error: 'No address',
  });
  expect(decideSettlement({ kind: 'sent' }, { tries: 9, ageMs: GIVE_UP_AFTER_MS })).toEqual({ status: 'sent' });
});
