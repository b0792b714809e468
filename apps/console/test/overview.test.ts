import { expect, test } from '@jest/globals';
import type { Stats } from '@posthorn/http-api/stats';
import { buildFigures } from '../src/overview/build-figures.ts';
import { countFates, statusesOf } from '../src/overview/count-fates.ts';
import { decideFirstSteps, isDone } from '../src/overview/decide-first-steps.ts';
import { describeFates } from '../src/overview/describe-fates.ts';
import { formatBucket, formatTick, spanOfBucket } from '../src/overview/format-bucket.ts';
import { bucketAt, layOutBars, layOutLine, niceCeiling } from '../src/overview/lay-out-chart.ts';
import { nameList } from '../src/overview/name-list.ts';
import { readOverviewSearch } from '../src/overview/overview-search.ts';
import { formatCount, formatShare } from '../src/show/format-count.ts';

const from = '2026-11-20T10:00:00.000Z';
const noStatus = { pending: 0, retrying: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };
const stats: Stats = {
  range: '1h',
  from,
  to: '2026-11-20T11:00:00.000Z',
  bucket_seconds: 60,
  deliveries: {
    total: 1200,
    by_status: { ...noStatus, succeeded: 1150, failed: 15, retrying: 5, pending: 20, skipped: 10 },
  },
  attempts: { total: 1200, succeeded: 1180, failed: 20 },
  success_rate: 1180 / 1200,
  latency_ms: { p50: 40, p95: 2100 },
  overdue: { count: 1000, capped: true, oldest_due_ms: 61_000 },
  buckets: [],
  endpoints: [],
};
const figureOf = (label: string, given: Stats) => buildFigures(given).find((figure) => figure.label === label);

test('a figure says what it is made of and leads to the list of just that', () => {
  const since = { created_after: from };
  expect(figureOf('Success rate', stats)).toMatchObject({
    value: '98.7%',
    hint: '1,150 of 1,165 that ended',
    list: { search: { status: 'succeeded,failed', ...since }, name: 'Succeeded and failed deliveries' },
  });
  expect(figureOf('Failing', stats)).toEqual({
    label: 'Failing',
    value: '20',
    hint: '15 failed for good, 5 to be tried again',
    list: {
      to: '/webhooks',
      search: { status: 'retrying,failed', ...since },
      name: 'Retrying and failed deliveries',
    },
    alarming: true,
  });
  expect(figureOf('Deliveries', stats)).toMatchObject({
    value: '1,200',
    hint: '20.0 a minute were made',
    list: { to: '/webhooks', search: since },
  });
  expect(figureOf('Latency p95', stats)).toMatchObject({
    value: '2.1 s',
    hint: expect.stringMatching(/got an answer/),
    list: {
      to: '/webhooks/attempts',
      search: { answered: 'true', min_duration_ms: '2100', started_after: from },
      name: 'Attempts of 2.1 s and more',
    },
  });
  expect(figureOf('Overdue now', stats)).toMatchObject({
    value: '1,000+',
    hint: 'The oldest for 1 min 1 s',
    list: { search: { overdue: 'true' } },
    alarming: true,
  });
});

test('where nothing is overdue, the figure leads to what is open', () => {
  const overdue = { count: 0, capped: false, oldest_due_ms: null };
  expect(figureOf('Overdue now', { ...stats, overdue })).toMatchObject({
    hint: 'Nothing is late',
    list: { search: { status: 'pending,retrying' } },
    alarming: false,
  });
});

test('a pace is never told as none where there was one', () => {
  const paceOf = (total: number, hours: number) => {
    const to = new Date(Date.parse(from) + hours * 3_600_000).toISOString();
    return figureOf('Deliveries', { ...stats, deliveries: { total, by_status: noStatus }, to })?.hint;
  };
  expect([paceOf(52, 24), paceOf(60, 1), paceOf(59, 1), paceOf(1, 168), paceOf(0, 24)]).toEqual([
    '2.2 an hour were made',
    '1.0 a minute were made',
    '59.0 an hour were made',
    '0.1 a day were made',
    'None',
  ]);
});

test('a link to a list says what that list shows', () => {
  expect([
    nameList({ status: 'failed' }),
    nameList({}),
    nameList({ status: 'failed,retrying' }),
    nameList({ overdue: 'true' }),
  ]).toEqual(['Failed deliveries', 'All deliveries', 'Retrying and failed deliveries', 'Overdue deliveries']);
});

test('without deliveries nothing is claimed', () => {
  const nothing: Stats = {
    ...stats,
    deliveries: { total: 0, by_status: noStatus },
    attempts: { total: 0, succeeded: 0, failed: 0 },
    success_rate: null,
    latency_ms: { p50: null, p95: null },
    overdue: { count: 0, capped: false, oldest_due_ms: null },
  };
  const figures = buildFigures(nothing);
  expect(figures.map(({ value }) => value)).toEqual(['–', '0', '0', '–', '–', '0']);
  expect(figures.some(({ alarming }) => alarming)).toBe(false);
});

test('a share that is not all is never shown as all', () => {
  expect([1, 0.9999, 0.5, 0].map(formatShare)).toEqual(['100%', '99.9%', '50.0%', '0.0%']);
  expect(formatCount(1_234_567)).toBe('1,234,567');
});

test('the axis ends at a round number that has room', () => {
  expect([0, 1, 2, 3, 7, 11, 50, 51, 999].map(niceCeiling)).toEqual([1, 1, 2, 5, 10, 20, 50, 100, 1000]);
});

test('every status is counted in one fate, and told with the others that there are', () => {
  const each = { pending: 1, retrying: 2, succeeded: 4, failed: 8, cancelled: 16, skipped: 32 };
  expect(countFates(each)).toEqual({ succeeded: 4, failed: 8, open: 3, unsent: 48 });
  expect(Object.values(statusesOf).flat().sort()).toEqual(Object.keys(each).sort());
  expect(describeFates(countFates(each))).toBe('4 succeeded, 8 failed, 3 open, 48 cancelled or skipped');
  expect(describeFates(countFates({ ...noStatus, pending: 1200 }))).toBe('1,200 open');
  expect(describeFates(countFates(noStatus))).toBe('no deliveries');
});

test('bars stand in their buckets, one fate on the other, and what is there is seen', () => {
  const zero = { succeeded: 0, failed: 0, open: 0, unsent: 0 };
  const [full, mixed, empty, tiny] = layOutBars(
    [{ ...zero, succeeded: 100 }, { succeeded: 40, failed: 30, open: 20, unsent: 10 }, zero, { ...zero, failed: 1 }],
    100,
    { width: 400, height: 50 },
  );
  expect(full).toMatchObject({
    x: 2,
    width: 96,
    parts: [{ y: 0, height: 50 }, { height: 0 }, { height: 0 }, { height: 0 }],
  });
  expect(mixed).toMatchObject({ x: 102 });
  expect(mixed?.parts).toEqual([
    { y: 30, height: 20 },
    { y: 15, height: 15 },
    { y: 5, height: 10 },
    { y: 0, height: 5 },
  ]);
  expect(empty?.parts.map(({ height }) => height)).toEqual([0, 0, 0, 0]);
  expect(tiny?.parts[1]).toEqual({ y: 48, height: 2 });
});

test('the line breaks where there is no value, and a lone value is a dot', () => {
  const size = { width: 40, height: 10 };
  expect(layOutLine([10, 5, null, 10], 10, size)).toBe('M5.0 0.0L5.0 0.0L15.0 5.0M35.0 0.0L35.0 0.0');
  expect(layOutLine([], 10, size)).toBe('');
});

test('a point belongs to one bucket, the edges too', () => {
  expect([-0.1, 0, 0.49, 0.5, 1].map((share) => bucketAt(share, 2))).toEqual([0, 0, 0, 1, 1]);
});

test('a bucket is named in the zone that is shown', () => {
  expect(formatBucket('2026-11-20T10:00:00.000Z', 60, '1h', 'utc')).toBe('10:00–10:01');
  expect(formatBucket('2026-11-20T18:00:00.000Z', 21_600, '7d', 'utc')).toMatch(/^Fri,? 20 Nov, 18:00–00:00$/);
  expect(formatTick('2026-11-20T10:30:00.000Z', '24h', 'utc')).toBe('10:30');
  expect(formatTick('2026-11-20T10:30:00.000Z', '7d', 'utc')).toMatch(/^Fri,? 20 Nov$/);
});

test('a bucket leads to what was made in it', () => {
  expect(spanOfBucket(from, 60)).toEqual({ created_after: from, created_before: '2026-11-20T10:01:00.000Z' });
});

test('an address holds one of the ranges, or none', () => {
  expect(readOverviewSearch({ range: '7d' })).toEqual({ range: '7d' });
  expect(readOverviewSearch({ range: '8d', other: 1 })).toEqual({});
});

test('the first steps are ticked by what there is', () => {
  const none = { endpoints: 0, deliveries: 0, events: 0, tests: 0 };
  const steps = (progress: Partial<typeof none>) => Object.values(decideFirstSteps({ ...none, ...progress }));
  expect(steps({})).toEqual([false, false, false]);
  expect(steps({ endpoints: 1 })).toEqual([true, false, false]);
  expect(steps({ endpoints: 1, events: 1, tests: 1, deliveries: 1 })).toEqual([true, true, false]);
  expect(steps({ endpoints: 1, events: 2, tests: 1, deliveries: 2 })).toEqual([true, true, true]);
  expect(steps({ events: 1 })).toEqual([false, false, true]);
  expect(isDone(decideFirstSteps({ endpoints: 1, events: 1, tests: 0, deliveries: 1 }))).toBe(true);
});
