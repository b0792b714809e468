import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { call, onSessionEnd, setCsrfToken } from '../src/api/client.ts';
import { pathOfId } from '../src/api/path-of-id.ts';

const answer = (status: number): Response =>
  new Response(JSON.stringify({ detail: 'Send a valid API key.' }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
const ended = jest.fn();

beforeEach(() => {
  onSessionEnd(ended);
  setCsrfToken('one');
});
afterEach(() => {
  ended.mockClear();
  jest.restoreAllMocks();
});

describe('A session is over', () => {
  test.each([
    ['POST', '/v1/webhook-endpoints', 401, 1],
    ['GET', '/v1/events', 401, 1],
    ['POST', '/v1/session', 401, 0],
    ['DELETE', '/v1/session', 401, 0],
    ['POST', '/v1/webhook-endpoints', 409, 0],
  ])('%s %s that is answered with %d tells it %d times', async (method, path, status, times) => {
    jest.spyOn(globalThis, 'fetch').mockResolvedValue(answer(status));
    await expect(call(method, path)).rejects.toThrow('Send a valid API key.');
    expect(ended).toHaveBeenCalledTimes(times);
  });

  test('but not the one that began while the answer was on its way', async () => {
    jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
      setCsrfToken('two');
      return Promise.resolve(answer(401));
    });
    await expect(call('GET', '/v1/events')).rejects.toThrow('Send a valid API key.');
    expect(ended).not.toHaveBeenCalled();
  });
});

test('What is no id has no path, and is told as missing', () => {
  const id = 'ep_01kcrte3x7e4ta6y0v4tk8wq5m';
  expect(pathOfId('/v1/webhook-endpoints', 'endpoint', id)).toBe(`/v1/webhook-endpoints/${id}`);
  for (const text of ['nonsense', '', `${id}/probe`, id.replace('ep', 'evt')]) {
    expect(() => pathOfId('/v1/webhook-endpoints', 'endpoint', text)).toThrow('There is nothing of this id.');
  }
});
