import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createQueueRoom, type JobOwner, type QueueRoom } from '../src/create-queue-room.ts';

const of = (tenantId: string, endpoint: string | number = 0): JobOwner => ({
  tenantId,
  endpointId: `${tenantId}/${endpoint}`,
});

/** Takes all there is room for, each time for another endpoint of the tenant. @returns how many */
function takeAll(room: QueueRoom, tenantId: string, endpoint: (index: number) => string | number = (n) => n): number {
  let taken = 0;
  while (taken < 100_000 && room.take(of(tenantId, endpoint(taken)))) taken += 1;
  return taken;
}

describe('Of the room for 10,000 jobs', () => {
  test('a tenant alone gets a fifth, one endpoint of it half of that', () => {
    expect(takeAll(createQueueRoom(10_000), 'loud')).toBe(2_000);
    expect(takeAll(createQueueRoom(10_000), 'loud', () => 'only')).toBe(1_000);
  });

  test('each further tenant gets a fifth of what is left', () => {
    const room = createQueueRoom(10_000);
    expect(['a', 'b', 'c'].map((tenantId) => takeAll(room, tenantId))).toEqual([2_000, 1_600, 1_280]);
    expect(room.waiting()).toBe(4_880);
  });

  test('a tenant that has none waiting finds a place until the very last', () => {
    const room = createQueueRoom(10_000);
    for (let tenant = 0; room.waiting() < 9_999; tenant += 1) takeAll(room, `tenant ${tenant}`);
    expect([room.take(of('one more')), room.take(of('too many'))]).toEqual([true, false]);
  });

  test('an endpoint of a tenant whose other one has all it may still finds a place', () => {
    const room = createQueueRoom(10_000);
    takeAll(room, 'loud', () => 'busy');
    expect(room.busyEndpoints('loud', 1)).toEqual(new Map([['loud/busy', 0]]));
    expect(room.take(of('loud', 'other'))).toBe(true);
    expect(room.leftPerEndpoint('loud')).toBeGreaterThan(400);
  });
});

describe('A measurement', () => {
  /** Takes so many, and tells that they were made. */
  function make(room: QueueRoom, tenantId: string, jobs: number): void {
    for (let index = 0; index < jobs; index += 1) expect(room.take(of(tenantId, index))).toBe(true);
    room.settle(jobs, true);
  }

  test('makes room again as jobs are taken: those that were made first have gone first', () => {
    const room = createQueueRoom(1_000);
    make(room, 'early', 100);
    make(room, 'late', 50);
    room.measure()(60);
    expect(room.waiting()).toBe(60);
    expect(room.left('late')).toBeLessThan(room.left('early'));
    room.measure()(50);
    expect(room.left('early')).toBe(room.left('nobody'));
    room.measure()(0);
    expect(room.left('late')).toBe(200);
  });

  test('counts what others made, too', () => {
    const room = createQueueRoom(1_000);
    room.measure()(1_000);
    expect([room.left('anybody'), room.take(of('anybody'))]).toEqual([0, false]);
  });

  test('does not know of what was made after it began, which waits besides', () => {
    const room = createQueueRoom(1_000);
    make(room, 'a', 30);
    const told = room.measure();
    make(room, 'a', 20);
    told(30);
    expect(room.waiting()).toBe(50);
    room.measure()(50);
    expect(room.waiting()).toBe(50);
  });

  test('that is never answered, or after a later one, changes nothing', () => {
    const room = createQueueRoom(1_000);
    make(room, 'a', 30);
    const lost = room.measure();
    make(room, 'a', 10);
    room.measure()(40);
    lost(30);
    expect(room.waiting()).toBe(40);
  });

  test('does not wait for what could not be made', () => {
    const room = createQueueRoom(1_000);
    make(room, 'a', 5);
    expect(room.take(of('a', 'refused'))).toBe(true);
    room.settle(1, false);
    expect(room.waiting()).toBe(5);
    room.measure()(5);
    expect(room.waiting()).toBe(5);
  });
});

test('Where more wait than are taken in time, whoever has few of them still finds places, and the others none', () => {
  const room = createQueueRoom(10_000);
  takeAll(room, 'loud');
  room.settle(2_000, true);
  room.measure()(2_000, { id: 'first', waitedMs: 4_000 });
  expect(room.left('quiet')).toBeGreaterThan(1_000);
  room.measure()(2_000, { id: 'next', waitedMs: 4_000 });
  expect([room.left('loud'), room.left('quiet')]).toEqual([0, 20]);
  expect(takeAll(room, 'quiet')).toBe(20);
});

/** What may happen, in any order: `add` by a tenant, and dispatchers that take so many of those that wait. */
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      tenant: fc.nat(4),
      endpoint: fc.nat(2),
      jobs: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({ kind: fc.constant('drain' as const), jobs: fc.nat(60) }),
  ),
  { maxLength: 60, size: 'max' },
);

test('Whatever comes and goes: never more than the bound wait, what is known is what is there, and all is admitted in the end', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 200 }), (happens, maxWaiting) => {
      const room = createQueueRoom(maxWaiting);
      const queue: JobOwner[] = [];
      const backlog: JobOwner[] = [];
      const measure = () => room.measure()(queue.length);
      const admit = (owner: JobOwner): void => {
        if (!room.take(owner)) return void backlog.push(owner);
        queue.push(owner);
        room.settle(1, true);
      };
      for (const step of happens) {
        if (step.kind === 'add')
          for (let n = 0; n < step.jobs; n += 1) admit(of(`tenant ${step.tenant}`, step.endpoint));
        else queue.splice(0, step.jobs);
        expect(queue.length).toBeLessThanOrEqual(maxWaiting);
        measure();
        expect(room.waiting()).toBe(queue.length);
        // Nobody who has none waiting is refused while there is a place.
        expect(room.left('quiet') > 0).toBe(queue.length < maxWaiting);
      }
      for (let round = 0; backlog.length > 0; round += 1) {
        expect(round).toBeLessThan(10_000);
        queue.splice(0, 1 + Math.floor(queue.length / 2));
        measure();
        const before = backlog.length;
        const isEmpty = queue.length === 0;
        for (const owner of backlog.splice(0)) admit(owner);
        // A tenant whose part of a small bound is one job waits until that one is taken.
        if (isEmpty) expect(backlog.length).toBeLessThan(before);
      }
    }),
  );
});
