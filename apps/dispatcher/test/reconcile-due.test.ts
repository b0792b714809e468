import { expect, test } from '@jest/globals';
import type { FoundJob } from '@posthorn/queue/find-jobs';
import type { OverdueDelivery } from '@posthorn/store/engine/list-due-deliveries';
import { type ReconcileDueDeps, reconcileDue, STUCK_JOB_MS } from '../src/reconcile/reconcile-due.ts';

const row = (id: string, overdueMs = 2_000): OverdueDelivery => ({
  id,
  tenantId: 'tenant',
  endpointId: `endpoint of ${id}`,
  generation: 0,
  attemptLimit: 6,
  overdueMs,
});
const AT_START = { cursor: null, queueRefuses: false };

interface World {
  readonly rows: readonly OverdueDelivery[];
  /** What the queue says of each row. */
  readonly jobs: FoundJob[] | 'away';
  readonly queueRefuses?: boolean;
  readonly waiting?: readonly string[];
  /** Jobs that the queue has room for; default: all. */
  readonly room?: number | 'away';
}

/** One round in this world, and what it did: renewed, enqueued and fed rows as `id/generation`. */
async function runRound(world: World, from = AT_START) {
  const { rows, jobs, queueRefuses = false, waiting = [], room = rows.length } = world;
  const did = { renewed: [] as string[], enqueued: [] as string[], fed: [] as string[], parked: [] as string[] };
  const settled = { made: 0, unmade: 0 };
  const refuse = async () => {
    throw new Error('OOM command not allowed');
  };
  const deps: ReconcileDueDeps = {
    listDue: async () => ({ rows, next: null }),
    findJobs: async () => (jobs === 'away' ? refuse() : jobs),
    async renewGeneration(some) {
      did.renewed.push(...some.map(({ id }) => id));
      return some.map((each) => ({ ...each, generation: each.generation + 1 }));
    },
    async parkBeyondRoom(some) {
      if (room === 'away') return null;
      did.parked.push(...some.slice(room).map(({ id, generation }) => `${id}/${generation}`));
      return some.slice(0, room);
    },
    settleRoom(count, made) {
      settled[made ? 'made' : 'unmade'] += count;
    },
    async enqueue(some) {
      if (queueRefuses) return refuse();
      did.enqueued.push(...some.map(({ deliveryId, generation }) => `${deliveryId}/${generation}`));
    },
    async feedDirectly(some) {
      did.fed.push(...some.map(({ id, generation }) => `${id}/${generation}`));
      return some.length;
    },
    hasWaiting: (endpointId) => waiting.some((id) => endpointId.endsWith(id)),
  };
  const round = await reconcileDue(deps, from);
  // Of the room that was taken nothing is forgotten, whatever happened.
  const orphans = jobs === 'away' || room === 'away' ? 0 : jobs.filter((job) => job !== 'due').length;
  expect([settled.made, settled.made + settled.unmade]).toEqual([round.reissued, orphans - did.parked.length]);
  return { ...did, round };
}

test('Rows without a job, or with one that is put off, get a new one; those with a job are left alone', async () => {
  const done = await runRound({ rows: [row('a'), row('b'), row('c')], jobs: ['none', 'due', 'put-off'] });
  expect(done).toMatchObject({ renewed: ['a', 'c'], enqueued: ['a/1', 'c/1'], fed: [] });
  expect(done.round).toMatchObject({ reissued: 2, queueAway: false });
});

test('While the queue is away every row is attempted directly, under the generation that it has', async () => {
  const done = await runRound({ rows: [row('a'), row('b')], jobs: 'away' });
  expect(done).toMatchObject({ renewed: [], fed: ['a/0', 'b/0'] });
  expect(done.round).toMatchObject({ fedDirectly: 2, queueAway: true });
});

test('A queue that answers and takes nothing, as a full Redis: its rows are attempted directly, under their new generation', async () => {
  const done = await runRound({ rows: [row('a'), row('b')], jobs: ['none', 'none'], queueRefuses: true });
  expect(done.fed).toEqual(['a/1', 'b/1']);
  expect(done.round).toMatchObject({ fedDirectly: 2, queueAway: true, next: { queueRefuses: true } });
});

test('It is then asked with one job a round, until it takes it; then all get theirs', async () => {
  const world: World = { rows: [row('a'), row('b'), row('c')], jobs: ['none', 'none', 'none'] };
  const refused = await runRound({ ...world, queueRefuses: true }, { cursor: null, queueRefuses: true });
  expect(refused).toMatchObject({ renewed: ['a'], fed: ['a/1', 'b/0', 'c/0'] });
  const taken = await runRound(world, refused.round.next as typeof AT_START);
  expect(taken).toMatchObject({ enqueued: ['a/1', 'b/1', 'c/1'], fed: [] });
  expect(taken.round.next.queueRefuses).toBe(false);
});

test('A row whose job nobody takes is attempted directly after a while, unless its endpoint has its turn to wait for', async () => {
  const rows = [row('fresh'), row('stuck', STUCK_JOB_MS + 1), row('slow', STUCK_JOB_MS + 1)];
  const done = await runRound({ rows, jobs: ['due', 'due', 'due'], waiting: ['slow'] });
  expect(done.fed).toEqual(['stuck/0']);
  expect(done.round).toMatchObject({ stuck: 1, queueAway: false, reissued: 0 });
});

test('Rows that the queue has no room for are parked, and their generation stays', async () => {
  const done = await runRound({ rows: [row('a'), row('b'), row('c')], jobs: ['none', 'due', 'none'], room: 1 });
  expect(done).toMatchObject({ renewed: ['a'], enqueued: ['a/1'], parked: ['c/0'], fed: [] });
  expect(done.round).toMatchObject({ reissued: 1, parked: 1, queueAway: false });
});

test('A queue that goes away before it says how much room it has: rows without a job are attempted directly, none is parked', async () => {
  const done = await runRound({ rows: [row('a'), row('b')], jobs: ['none', 'due'], room: 'away' });
  expect(done).toMatchObject({ renewed: [], parked: [], fed: ['a/0'] });
  expect(done.round).toMatchObject({ queueAway: true, parked: 0 });
});
