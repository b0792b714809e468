import { expect, test } from '@jest/globals';
import { writeUntilStored } from '../src/write-until-stored.ts';

const away = new Error('the database is away');
const mayRetry = (error: unknown): boolean => error === away;

/** A write that fails so many times before it succeeds. */
function failing(times: number, error: Error) {
  let calls = 0;
  const write = async (): Promise<string> => {
    calls += 1;
    if (calls <= times) throw error;
    return 'stored';
  };
  return { write, calls: () => calls };
}

test('What became of a delivery is written as soon as the database is back', async () => {
  const { write, calls } = failing(2, away);
  expect(await writeUntilStored({ mayRetry, now: () => 0 }, write)).toBe('stored');
  expect(calls()).toBe(3);
});

test('What would fail again is not tried again', async () => {
  const wrong = new Error('no such row');
  const { write, calls } = failing(1, wrong);
  await expect(writeUntilStored({ mayRetry, now: () => 0 }, write)).rejects.toBe(wrong);
  expect(calls()).toBe(1);
});

test('After ten minutes its lease has run out, and it is given up', async () => {
  let clock = 0;
  const { write, calls } = failing(Number.POSITIVE_INFINITY, away);
  const now = (): number => {
    clock += 300_000;
    return clock;
  };
  await expect(writeUntilStored({ mayRetry, now }, write)).rejects.toBe(away);
  expect(calls()).toBe(3);
});
