import { expect, test } from '@jest/globals';
import { attemptFieldsOf, failedOutcomes, readAttemptFilter } from '../src/webhooks/attempts/attempt-filter.ts';

const NOW = Date.parse('2026-07-02T12:00:00.000Z');

test('an address holds a filter of attempts, each part as the API takes it', () => {
  const endpoint_id = 'ep_01kcrte3x7e4ta6y0v4tk8wq5m';
  expect(
    readAttemptFilter({ outcome: 'timeout,lost,rejected,timeout', endpoint_id, answered: true, other: 'x' }),
  ).toEqual({
    outcome: 'rejected,timeout',
    endpoint_id,
    answered: 'true',
  });
  expect(
    ['007', 250, ' 9 ', '', '-1', '1.5', '1e3', '99999999999', null].map((min_duration_ms) =>
      readAttemptFilter({ min_duration_ms }),
    ),
  ).toEqual([{ min_duration_ms: '7' }, { min_duration_ms: '250' }, { min_duration_ms: '9' }, {}, {}, {}, {}, {}, {}]);
  expect(failedOutcomes).toBe('rejected,timeout,network_error,blocked,interrupted');
});

test('a range stands in the place of two moments, and counts back from now', () => {
  const moments = { started_after: '2026-01-01T00:00:00Z', started_before: '2026-01-02T00:00:00Z' };
  expect(readAttemptFilter(moments)).toEqual(moments);
  expect(attemptFieldsOf(moments, NOW)).toEqual(moments);
  const ranged = readAttemptFilter({ ...moments, range: '1h', outcome: 'blocked' });
  expect(ranged).toEqual({ range: '1h', outcome: 'blocked' });
  expect(attemptFieldsOf(ranged, NOW)).toEqual({ outcome: 'blocked', started_after: '2026-07-02T11:00:00.000Z' });
});
