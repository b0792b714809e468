import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { call, onSessionEnd, setCsrfToken } from '../src/api/client.ts';
import { enter, leave, onLeaving } from '../src/api/leaving.ts';

const rows = { data: [], next_cursor: null };
const ended = jest.fn();
/** Requests in the order in which they were sent; each is answered by the test, or ends as `fetch` does when it is given up. */
let sent: { readonly path: string; answer(status: number): void }[];

beforeEach(() => {
  sent = [];
  onSessionEnd(ended);
  setCsrfToken('one');
  enter();
  jest.spyOn(globalThis, 'fetch').mockImplementation(
    (path, { signal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        const answer = (status: number): void => resolve(Response.json(status === 200 ? rows : {}, { status }));
        if (typeof path === 'string') sent.push({ path, answer });
      }),
  );
});
afterEach(() => {
  ended.mockClear();
  jest.restoreAllMocks();
});

const paths = (): string[] => sent.map(({ path }) => path);
/** Everything that is due by now has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** What a request came to so far. */
function watch(request: Promise<unknown>): { outcome: unknown } {
  const watched: { outcome: unknown } = { outcome: 'none yet' };
  request.then(
    (value) => Object.assign(watched, { outcome: value }),
    (error: unknown) => Object.assign(watched, { outcome: error }),
  );
  return watched;
}

test('Reads under way are given up when somebody signs out, those that follow are not sent, and none is told as failed', async () => {
  const before = watch(call('GET', '/v1/events'));
  await settled();
  const leaving = leave(() => call('DELETE', '/v1/session'));
  const meanwhile = watch(call('GET', '/v1/event-types'));
  await settled();
  expect(paths()).toEqual(['/v1/events', '/v1/session']);
  sent[1]?.answer(200);
  await leaving;
  const after = watch(call('GET', '/v1/stats'));
  await settled();
  expect(paths()).toEqual(['/v1/events', '/v1/session']);
  expect([before.outcome, meanwhile.outcome, after.outcome]).toEqual(['none yet', 'none yet', 'none yet']);
});

test('Who signs in again reads again, and what was asked for before stays unread', async () => {
  await leave(() => Promise.resolve());
  const before = watch(call('GET', '/v1/events'));
  enter();
  const after = watch(call('GET', '/v1/stats'));
  await settled();
  expect(paths()).toEqual(['/v1/stats']);
  sent[0]?.answer(200);
  await settled();
  expect([before.outcome, after.outcome]).toEqual(['none yet', rows]);
});

test('A sign-out that fails gives back what was read', async () => {
  const before = watch(call('GET', '/v1/events'));
  await settled();
  const leaving = leave(() => call('DELETE', '/v1/session'));
  const meanwhile = watch(call('GET', '/v1/stats'));
  sent[1]?.answer(503);
  await expect(leaving).rejects.toMatchObject({ status: 503 });
  await settled();
  expect(paths().toSorted()).toEqual(['/v1/events', '/v1/events', '/v1/session', '/v1/stats']);
  for (const { answer } of sent) answer(200);
  await settled();
  expect([before.outcome, meanwhile.outcome]).toEqual([rows, rows]);
});

test('A change that is refused since its session was signed out tells nobody that the session is over', async () => {
  const change = watch(call('POST', '/v1/events', {}));
  const leaving = leave(() => call('DELETE', '/v1/session'));
  sent[0]?.answer(401);
  await settled();
  expect(change.outcome).toMatchObject({ status: 401 });
  sent[1]?.answer(200);
  await leaving;
  expect(ended).not.toHaveBeenCalled();
});

test('Who listens is told when somebody signs out, soon where somebody does, and not once they have ceased to listen', async () => {
  const [early, ceased, late, lateCeased] = [jest.fn(), jest.fn(), jest.fn(), jest.fn()];
  onLeaving(early);
  onLeaving(ceased)();
  await leave(() => Promise.resolve());
  expect(early).toHaveBeenCalledTimes(1);
  onLeaving(late);
  onLeaving(lateCeased)();
  expect(late).not.toHaveBeenCalled();
  await settled();
  expect(late).toHaveBeenCalledTimes(1);
  for (const none of [ceased, lateCeased]) expect(none).not.toHaveBeenCalled();
});
