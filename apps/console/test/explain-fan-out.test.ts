import { expect, test } from '@jest/globals';
import type { Delivery } from '@posthorn/http-api/delivery';
import { explainFanOut } from '../src/events/explain-fan-out.ts';

const event = { type: 'order.paid', sent_at: '2026-11-20T10:00:00.000Z' };
const endpoint = {
  id: 'ep_a',
  url: 'https://a.example/hook',
  events: [] as string[],
  status: 'enabled' as const,
  created_at: '2026-11-01T00:00:00.000Z',
};
const delivery: Delivery = {
  id: 'dlv_1',
  endpoint_id: 'ep_a',
  event_id: 'evt_1',
  type: 'order.paid',
  jobId: null,
  status: 'succeeded',
  attempts: 1,
  next_retry_at: null,
  held: false,
  last_response_status: 200,
  last_error: null,
  replay_of: null,
  ordering_key: null,
  created_at: '2026-11-20T10:00:00.000Z',
  completed_at: null,
};
const lineOf = (change: Partial<Delivery>) => explainFanOut(event, [endpoint], [{ ...delivery, ...change }])[0];
const absenceOf = (change: Partial<typeof endpoint>) => explainFanOut(event, [{ ...endpoint, ...change }], [])[0];

test('a delivery that succeeded says what the endpoint answered', () => {
  expect(lineOf({ attempts: 3, last_response_status: 204 })).toEqual({
    endpointId: 'ep_a',
    url: 'https://a.example/hook',
    delivery: { ...delivery, attempts: 3, last_response_status: 204 },
    others: [],
    outcome: 'delivered',
    sentence: 'Delivered: it answered 204 at attempt 3.',
  });
});

test('what is still open or went wrong says why', () => {
  expect(lineOf({ status: 'pending', attempts: 0 })?.sentence).toMatch(/^Not attempted yet/);
  expect(lineOf({ status: 'retrying', last_error: 'Answered 500' })?.sentence).toBe(
    'Not delivered yet: 1 attempt failed, the next is planned. Answered 500.',
  );
  expect(lineOf({ status: 'failed', attempts: 5, last_error: 'Answered 404' })).toMatchObject({
    outcome: 'failed',
    sentence: 'Not delivered: given up after 5 attempts. Answered 404.',
  });
  expect(lineOf({ status: 'cancelled', last_error: 'The endpoint was disabled' })?.sentence).toBe(
    'Not delivered: cancelled. The endpoint was disabled.',
  );
});

test('a disabled endpoint was skipped, with its reason where there is one', () => {
  const reason = 'The endpoint was disabled when the event came: receiver is down';
  expect(lineOf({ status: 'skipped', attempts: 0, last_error: reason })).toMatchObject({
    outcome: 'skipped',
    sentence: `Skipped. ${reason}.`,
  });
  expect(lineOf({ status: 'skipped', attempts: 0 })?.sentence).toBe(
    'Skipped. The endpoint was disabled when the event came.',
  );
});

test('of several deliveries the one that succeeded counts, else the newest', () => {
  const failed = { ...delivery, id: 'dlv_0', status: 'failed' as const, last_error: 'Answered 500' };
  const replay = { ...delivery, id: 'dlv_2', replay_of: 'dlv_0' };
  expect(explainFanOut(event, [endpoint], [replay, failed])).toEqual([
    expect.objectContaining({
      delivery: replay,
      others: [failed],
      sentence: 'Delivered by a replay: it answered 200 at attempt 1.',
    }),
  ]);
  const newer = { ...failed, id: 'dlv_3', replay_of: 'dlv_0' };
  expect(explainFanOut(event, [endpoint], [newer, failed])[0]).toMatchObject({ delivery: newer, others: [failed] });
});

test('an endpoint without a delivery: not subscribed, and what it takes', () => {
  expect(absenceOf({ events: ['order.made', 'order.sent'] })).toMatchObject({
    outcome: 'not_subscribed',
    delivery: null,
    others: [],
    sentence: 'Not sent: it is not subscribed to order.paid. It takes order.made, order.sent.',
  });
  const many = Array.from({ length: 11 }, (_, index) => `t.${index}`);
  expect(absenceOf({ events: many })?.sentence).toMatch(/t\.7 and 3 more\.$/);
});

test('an endpoint without a delivery: registered after the event, whatever it takes', () => {
  const later = { created_at: '2026-11-20T10:00:00.001Z' };
  expect(absenceOf(later)?.outcome).toBe('registered_later');
  expect(absenceOf({ ...later, events: ['other'] })?.outcome).toBe('registered_later');
});

test('an endpoint that takes the type now and got nothing: nothing is claimed that is not known', () => {
  expect(absenceOf({ events: ['order.paid'] })).toMatchObject({ outcome: 'not_made' });
  expect(absenceOf({})?.sentence).toMatch(/either it subscribed after the event, or the event was a test/);
});

test('a deleted endpoint keeps its line, and those with a delivery stand first', () => {
  const other = { ...endpoint, id: 'ep_b', events: ['x'] };
  const lines = explainFanOut(event, [other], [delivery]);
  expect(lines.map(({ endpointId, url }) => [endpointId, url])).toEqual([
    ['ep_a', null],
    ['ep_b', 'https://a.example/hook'],
  ]);
});
