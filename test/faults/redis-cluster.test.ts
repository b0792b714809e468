// Six shards on a Redis Cluster of three masters: spread, one of them killed, a slot moved, all under load.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { type ClusterNode, type RedisCluster, startRedisCluster } from '@posthorn/testkit/start-redis-cluster';
import { SOUND, useFaultRun } from './use-fault-run.ts';

const SHARDS = 6;
/** Endpoints beside those of the stream, so that every shard has some. */
const ENDPOINTS = 24;
const BATCH = 10;
const shardKeys = Array.from({ length: SHARDS }, (_, shard) => `{posthorn-${shard}}`);

let cluster: RedisCluster;
beforeEach(async () => {
  cluster = await startRedisCluster();
});
const run = useFaultRun(() => ({ REDIS_URL: cluster.url, QUEUE_SHARDS: String(SHARDS) }));
afterEach(() => cluster.close());

const shardsOn = async (node: ClusterNode): Promise<Set<string>> =>
  new Set((await cluster.keysOf(node)).flatMap((key) => /^\{posthorn-\d+\}/.exec(key)?.[0] ?? []));
const output = (): string => [...run.rig.apis, ...run.rig.dispatchers].map((each) => each.output()).join('\n');

const count = (words: string): number => output().split(words).length - 1;

/** The sum of a counter over all dispatchers. */
async function countedBy(name: string): Promise<number> {
  const texts = await Promise.all(run.rig.dispatchers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  const values = texts.map((text) => Number(new RegExp(`^${name}\\b[^ ]* (.*)$`, 'm').exec(text)?.[1] ?? 0));
  return values.reduce((sum, value) => sum + value, 0);
}

/** Events for as many endpoints of their own as it takes to use every shard. */
async function useEveryShard(): Promise<void> {
  const url = run.receivers[0]?.url ?? '';
  for (let index = 0; index < ENDPOINTS; index += 1)
    await run.post('/v1/webhook-endpoints', { url: `${url}/${index}`, events: ['domain.drift'] });
  await run.postBatch(BATCH, 'domain.drift');
}

test('every delivery goes through its shard, the shards lie on all masters, nothing crosses slots', async () => {
  await useEveryShard();
  await eventually(async () => {
    const found = await Promise.all(cluster.nodes.map(shardsOn));
    expect(found.filter((shards) => shards.size > 0).length).toBeGreaterThan(1);
    expect(new Set(found.flatMap((shards) => [...shards])).size).toBe(SHARDS);
  });
  const outcome = await run.settle('Redis Cluster: nothing');
  expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  expect(outcome.posted.refused).toEqual({});
  expect(await countedBy('posthorn_attempts_total')).toBe(
    2 * outcome.posted.acknowledged.length + 2 * BATCH + ENDPOINTS * BATCH,
  );
  expect(await countedBy('posthorn_deliveries_without_queue_total')).toBe(0);
  expect(output()).not.toMatch(/CROSSSLOT|MOVED|same slot/i);
});

test('a master that is killed and comes back after 5 s: nothing is lost, nothing comes twice', async () => {
  await useEveryShard();
  const gone = await cluster.holderOf(shardKeys[0] ?? '');
  const sentBefore = run.receivers[0]?.requests.length ?? 0;
  gone.signal('SIGKILL');
  await delay(5_000);
  // Meanwhile deliveries go on straight from PostgreSQL.
  expect((run.receivers[0]?.requests.length ?? 0) - sentBefore).toBeGreaterThan(60);
  expect(await countedBy('posthorn_deliveries_without_queue_total')).toBeGreaterThan(0);
  await gone.start();
  await cluster.ready();
  await eventually(() => output().includes('the queue is back'));
  const outcome = await run.settle('Redis Cluster: a master killed for 5 s');
  expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  expect(outcome.posted.refused).toEqual({});
  expect(outcome.posted.slowestMs).toBeLessThan(2_000);
});

test('slots that move to another master are followed: jobs go on from where they are', async () => {
  await useEveryShard();
  const holders = new Map<string, ClusterNode>();
  for (const key of shardKeys) {
    const from = await cluster.holderOf(key);
    const to = cluster.nodes[(cluster.nodes.indexOf(from) + 1) % cluster.nodes.length] as ClusterNode;
    await cluster.moveSlot(key, to);
    expect(await cluster.holderOf(key)).toBe(to);
    holders.set(key, to);
  }
  // A question may meet a slot between two masters; the round of the reconciler that asked it delivers without the queue.
  await eventually(() => count('the queue is away') === count('the queue is back'));
  const directly = await countedBy('posthorn_deliveries_without_queue_total');
  await run.postBatch(BATCH, 'domain.drift');
  await eventually(async () => {
    for (const [key, holder] of holders) expect(await shardsOn(holder)).toContain(key);
  });
  const outcome = await run.settle('Redis Cluster: every shard moved');
  expect(outcome).toMatchObject({ ...SOUND, duplicates: 0 });
  expect(outcome.posted.refused).toEqual({});
  expect(output()).not.toMatch(/CROSSSLOT|same slot/i);
  expect(await countedBy('posthorn_deliveries_without_queue_total')).toBe(directly);
  const attempts = await countedBy('posthorn_attempts_total');
  expect(attempts).toBe(2 * outcome.posted.acknowledged.length + 2 * (2 * BATCH + ENDPOINTS * BATCH));
});
