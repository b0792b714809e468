import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createQueueRoom } from '../src/create-queue-room.ts';
import { paceRoom } from '../src/pace-room.ts';

const MAX = 10_000;

/** A pace whose clock stands until it is moved on, and jobs that are always others. */
function pacedAt(startMs = 0) {
  const clock = { ms: startMs };
  const pace = paceRoom(MAX, () => clock.ms);
  let taken = 0;
  pace.told(1, { id: 'job', waitedMs: 0 });
  const told = (waiting: number, waitedMs: number) => pace.told(waiting, { id: `job ${(taken += 1)}`, waitedMs });
  return { clock, pace, told };
}

test('While jobs are taken as they come, all that there is room for may wait', () => {
  const { pace, told } = pacedAt();
  told(2_000, 80);
  expect(pace.limit()).toBe(MAX);
});

test('Where the next job has waited for a second, so many may wait as are taken in half of one', () => {
  const { pace, told } = pacedAt();
  told(2_000, 1_000);
  expect(pace.limit()).toBe(1_000);
  told(3_000, 500);
  expect(pace.limit()).toBe(1_000);
});

test('What was not next after another tells nothing, however long it has waited: nobody may have looked', () => {
  const { pace } = pacedAt();
  pace.told(0, null);
  pace.told(1_000, { id: 'made at once', waitedMs: 150 });
  expect(pace.limit()).toBe(MAX);
});

test('However slowly they are taken some may wait', () => {
  const { pace, told } = pacedAt();
  told(10, 60_000);
  expect(pace.limit()).toBe(250);
});

test('Where none is late any more twice as many may wait in each quarter of a second, up to all', () => {
  const { clock, pace, told } = pacedAt();
  told(2_000, 1_000);
  clock.ms += 250;
  told(20, 10);
  expect(pace.limit()).toBe(2_000);
  clock.ms += 125;
  pace.told(0, null);
  clock.ms += 125;
  expect(pace.limit()).toBeCloseTo(4_000);
  clock.ms += 10_000;
  expect(pace.limit()).toBe(MAX);
});

test('While none is taken nothing is known: what might wait may go on waiting, and no more', () => {
  const { clock, pace } = pacedAt();
  const next = { id: 'of a dispatcher that is away', waitedMs: 20 };
  pace.told(1_000, next);
  for (let look = 0; look < 100; look += 1) {
    clock.ms += 50;
    pace.told(1_000, { ...next, waitedMs: clock.ms });
  }
  expect(pace.limit()).toBe(MAX);
  pace.told(1_000, { id: 'taken at last', waitedMs: clock.ms });
  expect(pace.limit()).toBe(250);
  clock.ms += 50;
  pace.told(1_000, { id: 'taken at last', waitedMs: clock.ms });
  expect(pace.limit()).toBe(250);
});

test('Whatever it is told, the limit is one: some at the least, all at the most', () => {
  const looks = fc.array(
    fc.record({ ms: fc.nat(5_000), waiting: fc.nat(20_000), waitedMs: fc.option(fc.nat(100_000)), id: fc.nat(3) }),
    { maxLength: 100, size: 'max' },
  );
  fc.assert(
    fc.property(looks, (happens) => {
      const { clock, pace } = pacedAt();
      for (const { ms, waiting, waitedMs, id } of happens) {
        clock.ms += ms;
        pace.told(waiting, waitedMs === null ? null : { id: `job ${id}`, waitedMs });
        expect(pace.limit()).toBeGreaterThanOrEqual(250);
        expect(pace.limit()).toBeLessThanOrEqual(MAX);
      }
    }),
  );
});

test('One tenant posts more than is taken, and whoever comes next waits a quarter of a second at the most once that is known', () => {
  const clock = { ms: 0 };
  const room = createQueueRoom(MAX, () => clock.ms);
  const TAKEN_PER_MS = 1;
  const ADDED_PER_MS = 5;
  const LOOK_MS = 50;
  const queue: { id: string; madeAt: number }[] = [];
  const post = (tenantId: string): boolean => {
    if (!room.take({ tenantId, endpointId: `${tenantId}/${clock.ms % 10}` })) return false;
    queue.push({ id: `${clock.ms}/${queue.length}`, madeAt: clock.ms });
    room.settle(1, true);
    return true;
  };
  const waits: number[] = [];
  for (; clock.ms < 20_000; clock.ms += 1) {
    for (let index = 0; index < ADDED_PER_MS; index += 1) post('loud');
    queue.splice(0, TAKEN_PER_MS);
    if (clock.ms % 100 === 0 && clock.ms > 5_000) {
      waits.push(queue.length / TAKEN_PER_MS);
      expect(post('quiet')).toBe(true);
    }
    const next = queue[0];
    if (clock.ms % LOOK_MS === 0)
      room.measure()(queue.length, next ? { id: next.id, waitedMs: clock.ms - next.madeAt } : null);
  }
  waits.sort((a, b) => a - b);
  expect(waits.at(-1)).toBeLessThanOrEqual(250);
  expect(waits[0]).toBeGreaterThan(0);
});
