import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { createQueueRoom, type QueueRoom } from '../src/create-queue-room.ts';
import { type RoomWatch, watchRoom } from '../src/watch-room.ts';

let watch: RoomWatch | undefined;
afterEach(() => watch?.stop());

/** A watched room, and a queue that says what it is told to. */
function watchQueue(first: number | 'away') {
  const queue = { waiting: first, asked: 0 };
  const room = createQueueRoom(100);
  watch = watchRoom(room, async () => {
    queue.asked += 1;
    if (queue.waiting === 'away') throw new Error('Redis is away');
    return { count: queue.waiting, next: null };
  });
  return { queue, room, watch };
}

function make(room: QueueRoom, jobs: number): void {
  for (let index = 0; index < jobs; index += 1) room.take({ tenantId: 't', endpointId: String(index) });
  room.settle(jobs, true);
}

test('What others left in the queue is known soon after the start, also where the queue is away at first', async () => {
  const { queue, room } = watchQueue('away');
  await eventually(() => expect(queue.asked).toBeGreaterThan(1));
  queue.waiting = 70;
  await eventually(() => expect(room.waiting()).toBe(70));
});

test('While jobs wait the queue is asked again, until none waits; then no more, until somebody makes some', async () => {
  const { queue, room, watch: watching } = watchQueue(3);
  await eventually(() => expect(queue.asked).toBeGreaterThan(2));
  queue.waiting = 0;
  await eventually(() => expect(room.waiting()).toBe(0));
  const { asked } = queue;
  await delay(200);
  expect(queue.asked).toBe(asked);
  make(room, 5);
  queue.waiting = 2;
  for (let call = 0; call < 1_000; call += 1) watching.look();
  await eventually(() => expect(room.waiting()).toBe(2));
  expect(queue.asked).toBeLessThan(asked + 50);
});
