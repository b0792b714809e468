import { expect, test } from '@jest/globals';
import { createQueueRoom, type QueueRoom } from '@posthorn/queue/create-queue-room';
import type { EventRequest } from '@posthorn/store/engine/event-request';
import { decideRoom } from '../src/events/decide-room.ts';

const MAX_WAITING = 10_000;
const requestsOf = (tenantId: string, count: number): EventRequest[] =>
  Array.from({ length: count }, () => ({ events: [{ tenantId }] }) as unknown as EventRequest);

/** A queue in which jobs of a tenant wait, evenly spread over so many of its endpoints. */
function roomWith(tenantId: string, jobs: number, endpoints: number): QueueRoom {
  const room = createQueueRoom(MAX_WAITING);
  for (let index = 0; index < jobs; index += 1) room.take({ tenantId, endpointId: `endpoint ${index % endpoints}` });
  return room;
}
const decide = (room: QueueRoom, tenantId: string, events: number) =>
  decideRoom(room, requestsOf(tenantId, events)).map(({ room: own }) => own)[0];

test('While the queue has plenty of room the statement is not told of it', () => {
  expect(decide(createQueueRoom(MAX_WAITING), 'a', 100)).toBeUndefined();
  expect(decide(roomWith('a', 500, 500), 'a', 100)).toBeUndefined();
});

test('A tenant that has used its share up gets no further jobs, and another one of the same statement is not told of it', () => {
  const room = roomWith('a', 5_000, 5_000);
  const requests = [...requestsOf('a', 1), ...requestsOf('b', 1)];
  expect(decideRoom(room, requests).map(({ room: own }) => own?.jobs)).toEqual([0, undefined]);
});

test('An endpoint that has used its share up is named with what it has left, though its tenant has more', () => {
  const own = decide(roomWith('a', 5_000, 1), 'a', 1);
  expect(own).toMatchObject({ busy: new Map([['endpoint 0', 0]]) });
  expect(own?.jobs).toBeGreaterThan(500);
});

test('More events than there is surely room for are counted by the statement', () => {
  expect(decide(createQueueRoom(100), 'a', 100)).toEqual({ jobs: 20, jobsPerEndpoint: 10, busy: new Map() });
});
