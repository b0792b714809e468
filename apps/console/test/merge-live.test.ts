import { expect, test } from '@jest/globals';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import fc from 'fast-check';
import {
  forgetOld,
  type LiveChanges,
  type Loaded,
  MAX_SHOWN_CHANGES,
  MAX_WAITING,
  mergeLive,
  NO_CHANGES,
  type Present,
  receiveLive,
  showWaiting,
} from '../src/webhooks/deliveries/merge-live.ts';

const idOf = (number: number): string => `dlv_${String(number).padStart(26, '0')}`;

const deliveryOf = (number: number, fields: Partial<Delivery> = {}): Delivery => ({
  id: idOf(number),
  endpoint_id: 'ep_1',
  event_id: 'evt_1',
  type: 'domain.verified',
  jobId: null,
  status: 'pending',
  attempts: 0,
  next_retry_at: null,
  held: false,
  last_response_status: null,
  last_error: null,
  replay_of: null,
  ordering_key: null,
  created_at: '2026-11-21T20:00:00.000Z',
  completed_at: null,
  ...fields,
});

const presentOf = (loaded: Loaded, changes: LiveChanges, mayInsert = true): Present => {
  const rows = mergeLive(loaded, changes.shown);
  return {
    rows,
    isComplete: loaded.isComplete,
    ids: new Set(rows.map(({ id }) => id)),
    mayInsert,
    isWanted: ({ type }) => type === 'domain.verified',
  };
};

const anyDelivery = fc
  .record({
    number: fc.integer({ min: 1, max: 40 }),
    status: fc.constantFrom(...deliveryStatuses),
    attempts: fc.integer({ min: 0, max: 6 }),
    type: fc.constantFrom('domain.verified', 'domain.verified', 'domain.drift'),
  })
  .map(({ number, ...fields }) => deliveryOf(number, fields));
const anyLoaded = fc
  .record({
    rows: fc.uniqueArray(anyDelivery, { selector: ({ id }) => id, maxLength: 20, size: 'max' }),
    isComplete: fc.boolean(),
  })
  .map(
    ({ rows, isComplete }): Loaded => ({
      rows: rows.filter(({ type }) => type === 'domain.verified').sort((one, other) => (one.id < other.id ? 1 : -1)),
      isComplete,
    }),
  );
const anyNews = fc.array(
  fc.record({ news: fc.array(anyDelivery, { maxLength: 12, size: 'max' }), mayInsert: fc.boolean() }),
  {
    maxLength: 8,
  },
);

const play = (loaded: Loaded, rounds: readonly { news: readonly Delivery[]; mayInsert: boolean }[]): LiveChanges =>
  rounds.reduce(
    (changes, { news, mayInsert }) => receiveLive(changes, presentOf(loaded, changes, mayInsert), news),
    NO_CHANGES,
  );

test('whatever comes, each delivery is one row and the newest stands first', () => {
  fc.assert(
    fc.property(anyLoaded, anyNews, (loaded, rounds) => {
      const ids = mergeLive(loaded, play(loaded, rounds).shown).map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].sort().reverse());
    }),
  );
});

test('no row that was loaded is lost, and none goes back to a state that it has left', () => {
  fc.assert(
    fc.property(anyLoaded, anyNews, (loaded, rounds) => {
      const rows = new Map(mergeLive(loaded, play(loaded, rounds).shown).map((row) => [row.id, row]));
      for (const row of loaded.rows) {
        const now = rows.get(row.id);
        expect(now?.attempts).toBeGreaterThanOrEqual(row.attempts);
        const wasFinal = !['pending', 'retrying'].includes(row.status);
        if (wasFinal) expect(['pending', 'retrying']).not.toContain(now?.status);
      }
    }),
  );
});

test('a row that is shown is never one that waits, and a list that may not grow does not', () => {
  fc.assert(
    fc.property(anyLoaded, anyNews, (loaded, rounds) => {
      const changes = play(loaded, rounds);
      const shown = mergeLive(loaded, changes.shown);
      for (const { id } of shown) expect(changes.waiting.has(id)).toBe(false);
      const still = play(
        loaded,
        rounds.map(({ news }) => ({ news, mayInsert: false })),
      );
      expect(mergeLive(loaded, still.shown).map(({ id }) => id)).toEqual(loaded.rows.map(({ id }) => id));
    }),
  );
});

test('showing what waited puts in all of it', () => {
  fc.assert(
    fc.property(anyLoaded, anyNews, (loaded, rounds) => {
      const changes = play(loaded, rounds);
      const ids = new Set(mergeLive(loaded, showWaiting(changes).shown).map(({ id }) => id));
      for (const id of changes.waiting.keys()) expect(ids).toContain(id);
      expect(showWaiting(changes).waiting.size).toBe(0);
    }),
  );
});

test('what does not belong into the list is not put in, but a row that leaves the filter stays where it is', () => {
  const loaded: Loaded = { rows: [deliveryOf(5)], isComplete: true };
  const changes = play(loaded, [
    {
      news: [deliveryOf(6, { type: 'domain.drift' }), deliveryOf(5, { type: 'domain.drift', attempts: 1 })],
      mayInsert: true,
    },
  ]);
  expect(mergeLive(loaded, changes.shown)).toEqual([deliveryOf(5, { type: 'domain.drift', attempts: 1 })]);
});

test('a delivery older than the last page that was loaded waits for its page', () => {
  const loaded: Loaded = { rows: [deliveryOf(5)], isComplete: false };
  const changes = play(loaded, [{ news: [deliveryOf(3)], mayInsert: true }]);
  expect(mergeLive(loaded, changes.shown)).toEqual([deliveryOf(5)]);
  expect(changes.arrived).toBe(0);
});

test('each delivery that comes is counted once', () => {
  const loaded: Loaded = { rows: [], isComplete: true };
  const news = [deliveryOf(1), deliveryOf(1, { attempts: 1 }), deliveryOf(2)];
  expect(
    play(loaded, [
      { news, mayInsert: false },
      { news, mayInsert: true },
    ]).arrived,
  ).toBe(2);
});

test('what is kept is bounded, and a list of which something was let go is read anew', () => {
  const many = Array.from({ length: MAX_SHOWN_CHANGES + 10 }, (_, number) => deliveryOf(number));
  const loaded: Loaded = { rows: [], isComplete: true };
  const shown = play(loaded, [{ news: many, mayInsert: true }]);
  expect([shown.shown.size, shown.isFull]).toEqual([MAX_SHOWN_CHANGES, true]);
  const waiting = play(loaded, [{ news: many, mayInsert: false }]);
  expect([waiting.waiting.size, waiting.isFull]).toEqual([MAX_WAITING, true]);
});

test('after the list was read anew only what came since is kept', () => {
  const loaded: Loaded = { rows: [], isComplete: true };
  const old = play(loaded, [{ news: [deliveryOf(1), deliveryOf(2)], mayInsert: true }]);
  const since = receiveLive(old, presentOf(loaded, old), [deliveryOf(2, { attempts: 1 }), deliveryOf(3)]);
  expect([...forgetOld(since, old).shown.keys()]).toEqual([idOf(2), idOf(3)]);
});
