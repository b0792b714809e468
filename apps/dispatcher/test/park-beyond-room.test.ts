import { expect, test } from '@jest/globals';
import { createQueueRoom } from '@posthorn/queue/create-queue-room';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import { parkBeyondRoom } from '../src/reconcile/park-beyond-room.ts';

const rowsOf = (tenantId: string, count: number): DueDelivery[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${tenantId}-${index}`,
    tenantId,
    endpointId: `endpoint ${index} of ${tenantId}`,
    generation: 0,
    attemptLimit: 6,
  }));

/** What becomes of rows where so many jobs wait already, whoever made them. */
async function parkOf(rows: readonly DueDelivery[], waiting: number | Error, maxWaiting = 100) {
  const parked: DueDelivery[] = [];
  const room = createQueueRoom(maxWaiting);
  const readWaiting = async () => {
    if (waiting instanceof Error) throw waiting;
    return { count: waiting, next: null };
  };
  const fitting = await parkBeyondRoom({ room, readWaiting, park: async (some) => void parked.push(...some) }, rows);
  return { fitting, parked };
}

test('What fits is returned, the rest is parked, and no row is forgotten', async () => {
  const rows = [...rowsOf('loud', 60), ...rowsOf('quiet', 1)];
  const { fitting, parked } = await parkOf(rows, 0);
  expect([...(fitting ?? []), ...parked].map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
  expect(fitting).toHaveLength(21);
  expect(fitting?.map(({ tenantId }) => tenantId)).toContain('quiet');
});

test('The room of jobs that are not made is free again, however often parking the others fails', async () => {
  const room = createQueueRoom(100);
  const park = async () => {
    throw new Error('The database is away');
  };
  for (let round = 0; round < 12; round += 1) {
    const parking = parkBeyondRoom(
      { room, readWaiting: async () => ({ count: 0, next: null }), park },
      rowsOf('loud', 60),
    );
    await expect(parking).rejects.toThrow('The database is away');
    expect(room.waiting()).toBe(0);
  }
});

test('A queue that is full of the jobs of others takes none', async () => {
  expect(await parkOf(rowsOf('loud', 3), 100)).toMatchObject({ fitting: [], parked: rowsOf('loud', 3) });
});

test('While the queue cannot be asked nothing is parked', async () => {
  expect(await parkOf(rowsOf('loud', 3), new Error('away'))).toEqual({ fitting: null, parked: [] });
});
