import { describe, expect, test } from '@jest/globals';
import { parseRedisUrl } from '../src/redis/parse-redis-url.ts';

const cluster = (nodes: readonly [host: string, port: number][], more: object = {}) => ({
  ok: true,
  place: {
    kind: 'cluster',
    nodes: nodes.map(([host, port]) => ({ host, port })),
    tls: false,
    username: '',
    password: '',
    ...more,
  },
});

describe('One URL names a server', () => {
  test.each(['redis://cache:6379', 'rediss://user:a,b@cache:6380/1', 'redis://:a%2Cb@cache', 'redis://cache?db=2'])(
    '%s, which is passed on as it is',
    (url) => expect(parseRedisUrl(url)).toEqual({ ok: true, place: { kind: 'server', url } }),
  );
});

describe('Several URLs, or one that says so, name nodes of a Redis Cluster', () => {
  test.each([
    [
      'redis://a:7000,redis://b:7001',
      cluster([
        ['a', 7000],
        ['b', 7001],
      ]),
    ],
    [
      ' redis://a , redis://[fd00::1]:7001/ ',
      cluster([
        ['a', 6379],
        ['fd00::1', 7001],
      ]),
    ],
    ['redis://a:7000?cluster=true', cluster([['a', 7000]])],
    [
      'rediss://me:p%40ss,word@a:7000,rediss://me:p%40ss,word@b:7000/0',
      cluster(
        [
          ['a', 7000],
          ['b', 7000],
        ],
        { tls: true, username: 'me', password: 'p@ss,word' },
      ),
    ],
  ])('%s', (text, parsed) => expect(parseRedisUrl(text)).toEqual(parsed));
});

describe('What is wrong is said without a word of the text', () => {
  const hidden = 'hunter2';
  test.each([
    ['', 'must be a URL'],
    [`cache:${hidden}`, 'must be a URL'],
    [`redis://a,http://b/${hidden}`, 'must be a URL'],
    [`redis://a:7000,`, 'must be a URL'],
    [`redis://:${hidden}@a,redis://:other@b`, 'differ in protocol, user or password'],
    [`redis://a,rediss://b`, 'differ in protocol, user or password'],
    [`redis://:${hidden}@a/1,redis://:${hidden}@b`, 'names a database'],
    [`redis://a/1?cluster=true`, 'names a database'],
    [`redis://a,b:7000?cluster=true`, 'one host in each URL'],
    [`redis://:${hidden}%@a,redis://:${hidden}%@b`, 'percent-encoded'],
  ])('%s: %s', (text, problem) => {
    const parsed = parseRedisUrl(text);
    expect(parsed).toEqual({ ok: false, problem: expect.stringContaining(problem) });
    expect(JSON.stringify(parsed)).not.toContain(hidden);
  });
});
