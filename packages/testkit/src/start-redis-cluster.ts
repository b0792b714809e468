import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideRedis } from '@posthorn/local-services/provide-redis';
import { claimPort } from './claim-port.ts';
import { commandRedis } from './command-redis.ts';
import { eventually } from './eventually.ts';

const SLOTS = 16_384;
/** A node that is silent for so long counts as gone. */
const NODE_TIMEOUT_MS = 1_000;
const READY_MS = 30_000;
const MIGRATE_MS = 5_000;
const KEYS_AT_ONCE = 100;

/** One master of the cluster. */
export interface ClusterNode {
  /** Its own URL, for asking it alone. */
  readonly url: string;
  readonly port: number;
  signal(signal: NodeJS.Signals): void;
  /** Starts it again, on its port, with what it kept on disk. */
  start(): Promise<void>;
}

/** A Redis Cluster of masters without replicas, on loopback. */
export interface RedisCluster {
  /** All nodes, as REDIS_URL names them. */
  readonly url: string;
  readonly nodes: readonly ClusterNode[];
  /** Resolves when every node sees every slot served. */
  ready(): Promise<void>;
  /** Which node holds the slot of a key now. */
  holderOf(key: string): Promise<ClusterNode>;
  /** The keys that a node holds. */
  keysOf(node: ClusterNode): Promise<string[]>;
  /** Gives the slot of a key, with all of its keys, to another node while clients go on, as operators do. */
  moveSlot(key: string, to: ClusterNode): Promise<void>;
  close(): Promise<void>;
}

interface OwnNode extends ClusterNode {
  readonly busPort: number;
  stop(): Promise<void>;
}

const ask = (node: ClusterNode, ...words: (string | number)[]): Promise<unknown> =>
  commandRedis(node.url, 'CLUSTER', ...words.map(String));

async function startNode(dataDir: string): Promise<OwnNode> {
  const [port, busPort] = [await claimPort(), await claimPort()];
  const launch = () =>
    provideRedis({
      dataDir,
      port,
      cacheDir: process.env['TEST_REDIS_CACHE'] ?? dataDir,
      require: 'real',
      settings: {
        'cluster-enabled': 'yes',
        'cluster-port': String(busPort),
        'cluster-node-timeout': String(NODE_TIMEOUT_MS),
      },
    });
  let redis = await launch();
  return {
    url: redis.url,
    port,
    busPort,
    signal: (signal) => void process.kill(redis.pid, signal),
    async start() {
      await redis.exited;
      redis = await launch();
    },
    stop: () => redis.stop(),
  };
}

/** Gives each node an equal share of the slots, and makes it known to the first. */
async function assignSlots(nodes: readonly OwnNode[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const first = index * share;
    const own = Array.from({ length: Math.min(share, SLOTS - first) }, (_, slot) => first + slot);
    await ask(node, 'ADDSLOTS', ...own);
    await ask(node, 'SET-CONFIG-EPOCH', index + 1);
    if (index > 0) await ask(nodes[0] as OwnNode, 'MEET', '127.0.0.1', node.port, node.busPort);
  }
}

async function isWhole(node: ClusterNode, size: number): Promise<boolean> {
  const info = (await ask(node, 'INFO')) as string;
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}`);
}

/** One that does not hold a key's slot says who does. */
const holds = (node: ClusterNode, key: string): Promise<boolean> =>
  commandRedis(node.url, 'EXISTS', key).then(
    () => true,
    () => false,
  );

async function moveSlot(key: string, from: ClusterNode, to: ClusterNode, nodes: readonly ClusterNode[]) {
  const slot = Number(await ask(from, 'KEYSLOT', key));
  const [fromId, toId] = [await ask(from, 'MYID'), await ask(to, 'MYID')] as [string, string];
  await ask(to, 'SETSLOT', slot, 'IMPORTING', fromId);
  await ask(from, 'SETSLOT', slot, 'MIGRATING', toId);
  for (;;) {
    const keys = (await ask(from, 'GETKEYSINSLOT', slot, KEYS_AT_ONCE)) as string[];
    if (keys.length === 0) break;
    const target = ['127.0.0.1', String(to.port), '', '0', String(MIGRATE_MS)];
    await commandRedis(from.url, 'MIGRATE', ...target, 'KEYS', ...keys);
  }
  for (const node of [to, from, ...nodes.filter((other) => other !== to && other !== from)])
    await ask(node, 'SETSLOT', slot, 'NODE', toId);
}

/** @param size masters */
export async function startRedisCluster(size = 3): Promise<RedisCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-cluster-'));
  const nodes: OwnNode[] = [];
  for (let index = 0; index < size; index += 1) nodes.push(await startNode(join(dataDir, String(index))));
  const cluster: RedisCluster = {
    url: nodes.map(({ url }) => url).join(','),
    nodes,
    async ready() {
      await eventually(async () => {
        for (const node of nodes) if (!(await isWhole(node, size))) return false;
        return true;
      }, READY_MS);
    },
    async holderOf(key) {
      for (const node of nodes) if (await holds(node, key)) return node;
      throw new Error(`No node holds ${key}`);
    },
    keysOf: async (node) => (await commandRedis(node.url, 'KEYS', '*')) as string[],
    moveSlot: async (key, to) => moveSlot(key, await cluster.holderOf(key), to, nodes),
    async close() {
      await Promise.all(nodes.map((node) => node.stop()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  await assignSlots(nodes);
  await cluster.ready();
  return cluster;
}
