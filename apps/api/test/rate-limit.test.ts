import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { startRedisCluster } from '@posthorn/testkit/start-redis-cluster';
import { startApi, type TestApi } from './start-api.ts';

const PER_SECOND = 5;

let api: TestApi;
let second: TestApi;
let redis: Proxy;
beforeAll(async () => {
  redis = await startProxy(await claimTestRedis());
  api = await startApi({ rateLimit: PER_SECOND, redisUrl: redis.url });
  second = await startApi({ rateLimit: PER_SECOND, redisUrl: redis.url, databaseUrl: api.databaseUrl });
});
afterAll(async () => {
  await Promise.all([api.close(), second.close()]);
  await redis.close();
});

const burst = (key: string) =>
  Promise.all(
    Array.from({ length: 4 * PER_SECOND }, (_, index) =>
      (index % 2 ? api : second).request('GET', '/v1/profiles', { key }),
    ),
  );
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100));

test('a key is limited over all processes, and others are not', async () => {
  const first = await api.tenant();
  await nextSecond();
  const other = await api.tenant();
  await nextSecond();
  const answers = await burst(first.key);
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(PER_SECOND);
  expect(refused).toHaveLength(3 * PER_SECOND);
  expect(refused[0]?.body).toMatchObject({ code: 'rate_limited', ref: refused[0]?.headers.get('x-request-id') });
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(refused[0]?.headers.get('ratelimit')).toMatch(/; r=0; t=\d+$/);
  expect((await api.request('GET', '/v1/profiles', { key: other.key })).status).toBe(200);
});

test('a key is limited over all processes on a Redis Cluster too, whichever master its count lies on', async () => {
  const cluster = await startRedisCluster();
  const options = { rateLimit: PER_SECOND, redisUrl: cluster.url, databaseUrl: api.databaseUrl };
  const both = [await startApi(options), await startApi(options)] as const;
  const ask = (key: string, index: number) => both[index % 2 ? 1 : 0].request('GET', '/v1/profiles', { key });
  const passed = async (): Promise<number> => {
    const { key } = await api.tenant();
    await nextSecond();
    const answers = await Promise.all(Array.from({ length: 4 * PER_SECOND }, (_, index) => ask(key, index)));
    return answers.filter(({ status }) => status === 200).length;
  };
  await eventually(async () => expect(await passed()).toBe(PER_SECOND));
  const holders = new Set<string>();
  for (let key = 0; key < 6; key += 1) {
    expect(await passed()).toBe(PER_SECOND);
    for (const node of cluster.nodes)
      if ((await cluster.keysOf(node)).some((name) => name.startsWith('posthorn:rate:'))) holders.add(node.url);
  }
  expect(holders.size).toBeGreaterThan(1);
  await Promise.all(both.map((each) => each.close()));
  await cluster.close();
});

test('every answer to a key says how much is left, also one that refuses for another reason', async () => {
  const { key } = await api.tenant();
  await nextSecond();
  const paths = ['/v1/profiles', '/v1/events/nothing', '/v1/events?limit=0', '/v1/tenants'];
  const answers = await Promise.all(paths.map((path) => api.request('GET', path, { key })));
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 403]);
  const left = answers.map(({ headers }) => Number(/;\s*r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
  expect(new Set(left)).toEqual(new Set([4, 3, 2, 1]));
  for (const { headers } of answers) {
    expect(headers.get('ratelimit')).toMatch(/^"[^"]+"; r=\d+; t=\d+$/);
    expect(headers.get('ratelimit-policy')).toMatch(
      new RegExp(`^"[^"]+"; q=${PER_SECOND}; w=1; pk=:[A-Za-z0-9+/=]+:$`),
    );
  }
});

test('without a key nothing is counted', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.request('GET', '/v1/profiles')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
});

test('it lets everything pass while Redis is away, within its time limit, and limits again after', async () => {
  const { key } = await api.tenant();
  for (const mode of ['refuse', 'hang'] as const) {
    redis.mode(mode);
    const started = Date.now();
    const answers = await burst(key);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(Date.now() - started).toBeLessThan(2_000);
    redis.mode('pass');
    await eventually(async () => {
      await nextSecond();
      expect((await burst(key)).some(({ status }) => status === 429)).toBe(true);
    });
  }
});

test('it works although Redis was away when the process started', async () => {
  redis.mode('refuse');
  const late = await startApi({ rateLimit: PER_SECOND, redisUrl: redis.url, databaseUrl: api.databaseUrl });
  expect((await late.request('GET', '/v1/profiles', { key: late.adminKey })).status).toBe(200);
  redis.mode('pass');
  await eventually(async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => late.request('GET', '/v1/profiles', { key: late.adminKey })),
    );
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });
  await late.close();
});
