import { expect, test } from '@jest/globals';
import { readEventTypeSearch } from '../src/event-types/event-type-search.ts';
import { readEventFilter } from '../src/events/event-filter.ts';
import { readEventSearch } from '../src/events/read-event-search.ts';
import { readZonedInput, writeZonedInput } from '../src/events/zoned-input.ts';
import { describeBucket } from '../src/overview/describe-bucket.ts';
import { writePostCommand } from '../src/overview/write-post-command.ts';

test('an address that was read as JSON gives texts again, and what is no filter is left out', () => {
  expect(readEventFilter({ type: 'a.b', jobId: 42, created_after: '', other: 'x', created_before: {} })).toEqual({
    type: 'a.b',
    jobId: '42',
  });
  expect(readEventTypeSearch({ search: 1, type: 'a.b', more: 'x' })).toEqual({ search: '1', type: 'a.b' });
});

test('the search box opens what an id names, with or without its quotes, and narrows to anything else', () => {
  const id = 'evt_01m7zvvmdce12880dsrad4a3r2';
  expect(readEventSearch(` "${id.toUpperCase()}", `)).toEqual({ kind: 'open', id });
  expect(readEventSearch('job-1')).toEqual({ kind: 'narrow', jobId: 'job-1' });
  expect(readEventSearch('evt_short')).toEqual({ kind: 'narrow', jobId: 'evt_short' });
  expect(readEventSearch('  ')).toEqual({ kind: 'narrow', jobId: undefined });
});

test('a moment goes into a field for date and time and comes back', () => {
  const at = '2026-11-20T10:30:00.000Z';
  expect(writeZonedInput(at, 'utc')).toBe('2026-11-20T10:30');
  expect(readZonedInput('2026-11-20T10:30', 'utc')).toBe(at);
  expect(readZonedInput(writeZonedInput(at, 'local'), 'local')).toBe(at);
  expect(writeZonedInput(undefined, 'utc')).toBe('');
  expect(writeZonedInput('nonsense', 'local')).toBe('');
  expect(readZonedInput('', 'local')).toBeUndefined();
  expect(readZonedInput('', 'utc')).toBeUndefined();
});

test('a bucket is told in words', () => {
  const deliveries = { pending: 0, retrying: 0, succeeded: 1200, failed: 3, cancelled: 0, skipped: 0 };
  const bucket = { at: '2026-11-20T10:00:00.000Z', succeeded: 1200, failed: 9, p95_ms: 250, deliveries };
  const of = { bucket_seconds: 60, range: '1h' } as const;
  expect(describeBucket(bucket, of, 'utc')).toBe('10:00–10:01: 1,200 succeeded, 3 failed, latency p95 250 ms');
  const empty = { ...deliveries, succeeded: 0, failed: 0 };
  expect(describeBucket({ ...bucket, p95_ms: null, deliveries: empty }, of, 'utc')).toBe('10:00–10:01: no deliveries');
});

test('the command that posts a sample survives quotes in it', () => {
  const command = writePostCommand('https://p.example', { name: 'a.b', sample: { text: "it's" } });
  expect(command).toContain("'https://p.example/v1/events'");
  expect(command).toContain(String.raw`{"text":"it'\''s"}`);
  expect(writePostCommand('https://p.example', undefined)).toContain('"data":{}');
});
