import { expect, test } from '@jest/globals';
import { deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import fc from 'fast-check';
import { liveAddress } from '../src/api/live.ts';
import { layOutRows } from '../src/show/lay-out-rows.ts';
import { chooseWatched } from '../src/webhooks/deliveries/choose-watched.ts';
import {
  fieldsOf,
  filterOfReplays,
  isFiltered,
  readDeliveryFilter,
} from '../src/webhooks/deliveries/delivery-filter.ts';
import { explainNoReplay } from '../src/webhooks/deliveries/explain-no-replay.ts';
import { firstEventCommand } from '../src/webhooks/deliveries/first-event-command.ts';
import { formatCountdown } from '../src/webhooks/deliveries/format-countdown.ts';
import { matchesFields } from '../src/webhooks/deliveries/matches-fields.ts';
import { readMoment, showMoment } from '../src/webhooks/deliveries/moment-input.ts';
import { nameEndpoint, shortUrl } from '../src/webhooks/deliveries/name-endpoint.ts';
import { planBulk, recoverableEndpoint } from '../src/webhooks/deliveries/plan-bulk.ts';
import { readSearch } from '../src/webhooks/deliveries/read-search.ts';
import { countRefused, runBounded } from '../src/webhooks/deliveries/run-bounded.ts';
import { NOTHING_SELECTED, selectTo, toggleAll, toggleRow } from '../src/webhooks/deliveries/select-rows.ts';

const NOW = Date.parse('2026-11-21T21:00:00Z');
const SUFFIX = '01kcrte3x7e4ta6y0v4tk8wq5m';

const deliveryOf = (id: string, fields: Partial<Delivery> = {}): Delivery => ({
  id,
  endpoint_id: 'ep_1',
  event_id: 'evt_1',
  type: 'a.b',
  jobId: 'job',
  status: 'failed',
  attempts: 1,
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

test('a filter is read from an address, and what is none is left out', () => {
  expect(
    readDeliveryFilter({ status: 'failed', jobId: 17, type: '', event_id: null, other: 'x', range: '2h' }),
  ).toEqual({
    status: 'failed',
    jobId: '17',
  });
  expect(readDeliveryFilter({ range: '24h', created_after: '2026-01-01T00:00:00Z' })).toEqual({ range: '24h' });
  expect(isFiltered(readDeliveryFilter({ status: 'lost' }))).toBe(false);
  expect(readDeliveryFilter({ status: 'failed,lost,retrying,failed' })).toEqual({ status: 'retrying,failed' });
  expect(['true', true, false, 'yes'].map((overdue) => readDeliveryFilter({ overdue }))).toEqual([
    { overdue: 'true' },
    { overdue: 'true' },
    {},
    {},
  ]);
});

test('a range counts back from now, and is not sent', () => {
  expect(fieldsOf({ range: '1h', type: 'a' }, Date.parse('2026-11-21T20:00:00Z'))).toEqual({
    type: 'a',
    created_after: '2026-11-21T19:00:00.000Z',
  });
});

test('several statuses and what is overdue are asked for in the API’s words', () => {
  expect(fieldsOf({ status: 'retrying,failed', overdue: 'true' }, NOW)).toEqual({
    status: 'retrying,failed',
    overdue: 'true',
  });
  const address = liveAddress({ fields: { status: 'retrying,failed' }, after: undefined, watch: [] }, null);
  expect(new URL(address, 'http://a').searchParams.get('status')).toBe('retrying,failed');
});

test('whether a delivery belongs into a list of several statuses, or of what is overdue', () => {
  const [failed, waits] = [deliveryOf('dlv_1'), { status: 'retrying', next_retry_at: '2026-11-21T21:00:01Z' } as const];
  const late = deliveryOf('dlv_2', { ...waits, next_retry_at: '2026-11-21T20:59:59Z' });
  const fits = (fields: Parameters<typeof matchesFields>[1]) =>
    [failed, deliveryOf('dlv_3', waits), late].map((each) => matchesFields(each, fields, NOW));
  expect(fits({ status: 'retrying,failed' })).toEqual([true, true, true]);
  expect(fits({ status: 'pending,failed' })).toEqual([true, false, false]);
  expect(fits({ overdue: 'true' })).toEqual([false, false, true]);
});

test('whether a delivery belongs into a list', () => {
  const delivery = deliveryOf('dlv_1');
  expect(matchesFields(delivery, {}, NOW)).toBe(true);
  expect(matchesFields(delivery, { status: 'failed', type: 'a.b', jobId: 'job' }, NOW)).toBe(true);
  expect(matchesFields(delivery, { status: 'pending' }, NOW)).toBe(false);
  expect(matchesFields(delivery, { created_after: '2026-11-21T20:00:00Z' }, NOW)).toBe(true);
  expect(matchesFields(delivery, { created_before: '2026-11-21T20:00:00Z' }, NOW)).toBe(false);
});

test('the search box takes ids from anywhere, and else a jobId', () => {
  expect(readSearch(` "dlv_${SUFFIX}",`)).toEqual({ kind: 'open', deliveryId: `dlv_${SUFFIX}` });
  expect(readSearch(`EP_${SUFFIX.toUpperCase()}`)).toEqual({ kind: 'go', href: `/webhooks/endpoints/ep_${SUFFIX}` });
  expect(readSearch(`evt_${SUFFIX}`)).toEqual({ kind: 'go', href: `/events/evt_${SUFFIX}` });
  expect(readSearch(' job "7" ')).toEqual({ kind: 'narrow', fields: { jobId: 'job "7"' } });
  expect(readSearch('dlv_short')).toEqual({ kind: 'narrow', fields: { jobId: 'dlv_short' } });
  expect(readSearch('  ')).toEqual({ kind: 'narrow', fields: { jobId: undefined } });
  expect(readSearch('x'.repeat(200)).kind).toBe('narrow');
  expect(readSearch('x'.repeat(201))).toEqual({ kind: 'refused', reason: 'A jobId has 200 characters at the most.' });
});

test('open deliveries in view are watched before all others', () => {
  const rows = Array.from({ length: 10 }, (_, index) =>
    deliveryOf(String(index), { status: index % 2 === 0 ? 'retrying' : 'succeeded' }),
  );
  expect(chooseWatched(rows, { first: 5, last: 8 }, 3)).toEqual(['6', '8', '0']);
});

test('the stream is asked for what the list shows', () => {
  const address = liveAddress(
    { fields: { status: 'failed', created_after: '2026-01-01T00:00:00Z' }, after: 'dlv_1', watch: ['dlv_0', 'dlv_1'] },
    'ten_1',
  );
  expect(Object.fromEntries(new URL(address, 'http://x').searchParams)).toEqual({
    status: 'failed',
    after: 'dlv_1',
    watch: 'dlv_0,dlv_1',
    tenant: 'ten_1',
  });
  expect(liveAddress({ fields: {}, after: undefined, watch: [] }, null)).toBe(
    '/v1/stream?after=dlv_00000000000000000000000000',
  );
});

test('rows are selected one by one, in ranges, and all at once', () => {
  const order = ['a', 'b', 'c', 'd'];
  const one = toggleRow(NOTHING_SELECTED, 'b');
  expect([...selectTo(one, 'd', order).ids]).toEqual(['b', 'c', 'd']);
  expect([...selectTo(one, 'a', order).ids].sort()).toEqual(['a', 'b']);
  expect([...selectTo(NOTHING_SELECTED, 'c', order).ids]).toEqual(['c']);
  expect([...toggleRow(one, 'b').ids]).toEqual([]);
  expect([...toggleAll(one, order).ids]).toEqual(order);
  expect(toggleAll(toggleAll(one, order), order)).toEqual(NOTHING_SELECTED);
});

const oneOfEach = deliveryStatuses.map((status) => deliveryOf(status, { status }));
const plainly = { replayed: new Set<string>(), againSucceeded: false };

test('a plan says how many of which status, and leaves out what does not fit and what the receiver has', () => {
  expect(planBulk('replay', [...oneOfEach, deliveryOf('x')], plainly)).toEqual({
    ids: ['failed', 'cancelled', 'skipped', 'x'],
    counts: [
      { status: 'failed', count: 2 },
      { status: 'cancelled', count: 1 },
      { status: 'skipped', count: 1 },
    ],
    leftOut: { unfit: 2, replayed: 0, succeeded: 1 },
    isGrave: false,
  });
  expect(planBulk('cancel', oneOfEach, plainly).ids).toEqual(['pending', 'retrying']);
});

test('those that succeeded are sent again where that is asked for, which is grave', () => {
  const plan = planBulk('replay', oneOfEach, { ...plainly, againSucceeded: true });
  expect(plan.ids).toEqual(['succeeded', 'failed', 'cancelled', 'skipped']);
  expect([plan.leftOut.succeeded, plan.isGrave]).toEqual([0, true]);
});

test('what was replayed is left out of a second go, but can be cancelled', () => {
  const replayed = new Set(['failed', 'succeeded', 'pending']);
  const plan = planBulk('replay', oneOfEach, { replayed, againSucceeded: true });
  expect([plan.ids, plan.leftOut]).toEqual([['cancelled', 'skipped'], { unfit: 2, replayed: 2, succeeded: 0 }]);
  expect(planBulk('cancel', oneOfEach, { ...plainly, replayed }).ids).toEqual(['pending', 'retrying']);
});

test('more than fifty are grave', () => {
  const failed = Array.from({ length: 51 }, (_, index) => deliveryOf(String(index)));
  expect(planBulk('replay', failed, plainly).isGrave).toBe(true);
  expect(planBulk('replay', failed.slice(1), plainly).isGrave).toBe(false);
});

test('the list of the replays is narrowed to no status and no end', () => {
  expect(filterOfReplays({ status: 'failed', type: 'a', created_before: '2026-01-01T00:00:00Z' })).toEqual({
    type: 'a',
  });
});

test('nothing is replayed to an endpoint that is disabled or deleted', () => {
  expect([undefined, { status: 'enabled' } as const].map(explainNoReplay)).toEqual([null, null]);
  expect(explainNoReplay({ status: 'disabled' })).toBe('The endpoint is disabled: enable it first');
  expect(explainNoReplay(null)).toContain('deleted');
});

test('rows in view are drawn, and the one that keeps the focus wherever it is', () => {
  const indexes = (...given: Parameters<typeof layOutRows>) => layOutRows(...given).placed.map(({ index }) => index);
  expect(indexes({ first: 4, last: 6 }, -1, 9)).toEqual([4, 5, 6]);
  expect(indexes({ first: 4, last: 6 }, 5, 9)).toEqual([4, 5, 6]);
  expect(indexes({ first: 4, last: 6 }, 1, 9)).toEqual([1, 4, 5, 6]);
  expect(indexes({ first: 4, last: 6 }, 8, 9)).toEqual([4, 5, 6, 8]);
  expect(indexes(null, -1, 9)).toEqual([]);
});

test('with what is not drawn the list is always as high as all its rows', () => {
  const range = fc.tuple(fc.nat(60), fc.nat(60)).map(([one, other]) => ({
    first: Math.min(one, other),
    last: Math.max(one, other),
  }));
  fc.assert(
    fc.property(fc.option(range), fc.integer({ min: -1, max: 60 }), fc.nat(50), (inView, kept, count) => {
      const { placed, after } = layOutRows(inView, kept, count);
      expect(placed.reduce((sum, { skipped }) => sum + skipped + 1, after)).toBe(count);
      for (const { index, skipped } of placed) expect(index < count && skipped >= 0).toBe(true);
    }),
  );
});

test('recovery is offered where all are of one endpoint and failed', () => {
  expect(recoverableEndpoint([])).toBeNull();
  expect(recoverableEndpoint([deliveryOf('a'), deliveryOf('b')])).toBe('ep_1');
  expect(recoverableEndpoint([deliveryOf('a'), deliveryOf('b', { endpoint_id: 'ep_2' })])).toBeNull();
  expect(recoverableEndpoint([deliveryOf('a', { status: 'succeeded' })])).toBeNull();
});

test('a run does each once, no more than so many at a time, and counts refusals by their reason', async () => {
  let running = 0;
  let most = 0;
  const seen: number[] = [];
  const act = async (item: number): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn <= item % 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    seen.push(item);
    if (item % 5 === 0) throw new Error('It is disabled.');
  };
  const items = Array.from({ length: 20 }, (_, index) => index);
  const told: number[] = [];
  const progress = await runBounded(items, act, {
    atOnce: 4,
    signal: new AbortController().signal,
    onProgress: (now) => told.push(now.done + countRefused(now)),
  });
  expect(seen.sort((one, other) => one - other)).toEqual(items);
  expect(most).toBe(4);
  expect(told).toEqual(items.map((index) => index + 1));
  expect([progress.done, ...progress.refusals]).toEqual([16, ['It is disabled.', 4]]);
});

test('a run that is stopped begins nothing further', async () => {
  const stop = new AbortController();
  let begun = 0;
  const act = async (): Promise<void> => {
    begun += 1;
    if (begun === 3) stop.abort();
  };
  await runBounded([1, 2, 3, 4, 5, 6, 7, 8], act, { atOnce: 1, signal: stop.signal, onProgress: () => undefined });
  expect(begun).toBe(3);
});

test('endpoints are called by their description, else by where they are', () => {
  expect(nameEndpoint({ description: ' Shop ', url: 'https://a.example/x' })).toBe('Shop');
  expect(nameEndpoint({ description: ' ', url: 'https://a.example:8443/hooks?key=1' })).toBe('a.example:8443/hooks');
  expect(shortUrl('https://a.example/')).toBe('a.example');
  expect(shortUrl('no url')).toBe('no url');
});

test('a countdown never shows zero seconds', () => {
  expect([0, 1, 999, 12_000, 59_999, 90_000].map((ms) => formatCountdown(ms, 0))).toEqual([
    'now',
    'in 1 s',
    'in 1 s',
    'in 12 s',
    'in 60 s',
    'in 1 min 30 s',
  ]);
});

test('what a field for date and time shows is what it reads, to the minute', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }), (date) => {
      const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000).toISOString();
      expect(readMoment(showMoment(minute, 'utc'), 'utc')).toBe(minute);
    }),
  );
  expect([showMoment('nonsense', 'utc'), showMoment(undefined, 'local'), readMoment('', 'utc')]).toEqual([
    '',
    '',
    undefined,
  ]);
});

test('the first event is posted with the sample of a type', () => {
  expect(firstEventCommand('https://p.example', { name: 'a.b', sample: { name: "it's" } })).toContain(
    String.raw`'{"type":"a.b","jobId":"job-1","data":{"name":"it'\''s"}}'`,
  );
  expect(firstEventCommand('https://p.example', null)).toContain("'https://p.example/v1/events'");
});
