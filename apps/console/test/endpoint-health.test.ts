import { expect, jest, test } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../src/api/client.ts';
import { isMissing } from '../src/api/is-missing.ts';
import { chooseTestType } from '../src/webhooks/endpoints/choose-test-type.ts';
import { describeAttempts, describeLast, failureReason, isBehind } from '../src/webhooks/endpoints/describe-health.ts';
import { refreshEndpoint } from '../src/webhooks/endpoints/refresh-endpoint.ts';

test('the reason of the last failure is an attempt’s, not why a delivery was cancelled or skipped', () => {
  const deliveries = [
    { status: 'cancelled', last_error: 'The endpoint was disabled' },
    { status: 'skipped', last_error: 'The endpoint is disabled' },
    { status: 'pending', last_error: null },
    { status: 'retrying', last_error: 'HTTP 503' },
    { status: 'failed', last_error: 'HTTP 500' },
  ] as const;
  expect(failureReason(deliveries)).toBe('HTTP 503');
  expect(failureReason(deliveries.slice(0, 3))).toBeNull();
  expect(failureReason(undefined)).toBeNull();
});

test('what the figures count was not never', () => {
  expect(describeLast(3, '24h')).toBe('within the last 24 hours');
  expect(describeLast(1, '1h')).toBe('within the last hour');
  expect([0, undefined].map((count) => describeLast(count, '7d'))).toEqual(['none', 'none']);
});

test('figures that were counted before the last attempt ended say so, and of what time they are', () => {
  const stats = { to: '2026-11-21T12:00:00Z' };
  const before = '2026-11-21T11:59:59Z';
  const after = '2026-11-21T12:00:01Z';
  expect(isBehind(stats, { last_failure_at: after, last_success_at: null })).toBe(true);
  expect(isBehind(stats, { last_failure_at: before, last_success_at: after })).toBe(true);
  expect(isBehind(stats, { last_failure_at: before, last_success_at: null })).toBe(false);
  expect(isBehind(undefined, { last_failure_at: after, last_success_at: null })).toBe(false);
  expect((['1h', '24h', '7d'] as const).map(describeAttempts)).toEqual([
    'Attempts in 1 h',
    'Attempts in 24 h',
    'Attempts in 7 d',
  ]);
});

test('a test sends the first type that the endpoint wants and the catalog has', () => {
  const catalog = ['domain.added', 'domain.verified'];
  expect(chooseTestType([], catalog)).toBe('domain.added');
  expect(chooseTestType(['gone', 'domain.verified'], catalog)).toBe('domain.verified');
  expect(chooseTestType(['gone'], catalog)).toBe('domain.added');
  expect(chooseTestType([], [])).toBe('webhook.test');
});

test('an endpoint is read at once, and again when what was done shows', () => {
  jest.useFakeTimers();
  const queryClient = new QueryClient();
  const invalidate = jest.spyOn(queryClient, 'invalidateQueries').mockResolvedValue();
  refreshEndpoint(queryClient, 'ep_1');
  const asked = () => invalidate.mock.calls.filter(([filters]) => filters?.queryKey?.[0] === 'stats').length;
  expect(asked()).toBe(1);
  jest.advanceTimersByTime(2_000);
  expect(asked()).toBe(2);
  jest.advanceTimersByTime(10_000);
  expect(asked()).toBe(3);
  jest.useRealTimers();
});

test('an id that is unknown and one that is none are missing; a server that fails is not', () => {
  expect([404, 400, 500, 0].map((status) => isMissing(new ApiError(status, null)))).toEqual([true, true, false, false]);
  expect(isMissing(null)).toBe(false);
});
