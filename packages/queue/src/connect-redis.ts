import { parseRedisUrl, type RedisPlace } from '@posthorn/domain/redis/parse-redis-url';
import { Cluster, Redis } from 'ioredis';

const CONNECT_TIMEOUT_MS = 2_000;
/** A command of the producer that Redis has not answered by then fails; PostgreSQL already holds what it was about. */
const COMMAND_TIMEOUT_MS = 500;
/** A connection that owes an answer for so long is dropped; TCP by itself would hold on to a dead one for minutes. */
const PRODUCER_SILENCE_MS = 5_000;
/**
 * The same for workers, whose blocking reads last 10 s at the most. It is longer than a Redis may well be paused: what a
 * dropped connection had asked for it does when it goes on, and a job taken for nobody waits until it counts as stalled.
 */
const WORKER_SILENCE_MS = 20_000;
/** Redis coming back is noticed within this long. */
const MAX_RECONNECT_DELAY_MS = 1_000;
const FIRST_RECONNECT_DELAY_MS = 50;
/** They would hold up what shares a pipeline with them. */
const BLOCKING_COMMANDS = ['bzpopmin'];
/**
 * Of a command of the producer to a Redis Cluster: 100 ms apart, so that what has timed out is not sent for much longer. Slots
 * that move, and masters that fail over, need some.
 */
const PRODUCER_REDIRECTIONS = 5;
/** ioredis's own. */
const WORKER_REDIRECTIONS = 16;
const SLOTS_TIMEOUT_MS = 2_000;
/** A node that is away is tried for each command that needs it, and complained about so often. */
const NODE_ERROR_EVERY_MS = 1_000;

const retryStrategy = (times: number): number =>
  Math.min(MAX_RECONNECT_DELAY_MS, FIRST_RECONNECT_DELAY_MS * 2 ** Math.min(times, 10));

/** Called with each connection error; a missing listener would end the process. */
export type OnRedisError = (error: Error) => void;

/** What talks to one server or to a Redis Cluster; both take the same commands, those of a cluster about one slot each. */
export type RedisClient = Redis | Cluster;

type ClusterPlace = Extract<RedisPlace, { kind: 'cluster' }>;

/** In ioredis's words; times in ms. */
interface Limits {
  readonly connectTimeout: number;
  readonly commandTimeout?: number;
  readonly socketTimeout: number;
  readonly maxRetriesPerRequest: number | null;
}

/** How commands are sent, in ioredis's words; a server redirects nowhere. */
interface Sending {
  readonly maxRedirections: number;
  readonly enableAutoPipelining?: boolean;
  readonly autoPipeliningIgnoredCommands?: string[];
}

/** What a cluster's client says is that no node leads to the others; why is in the last node's error. */
function describeClusterError(error: Error & { readonly lastNodeError?: Error }): Error {
  const why = error.lastNodeError?.message;
  return why === undefined ? error : new Error(`Redis Cluster: ${error.message} ${why}`, { cause: error });
}

function connectCluster(place: ClusterPlace, limits: Limits, sending: Sending, onError: OnRedisError) {
  const { nodes, tls, username, password } = place;
  const cluster = new Cluster([...nodes], {
    clusterRetryStrategy: retryStrategy,
    ...sending,
    slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
    // Names stay names: certificates are made out to them.
    dnsLookup: (host, resolved) => resolved(null, host),
    redisOptions: {
      ...limits,
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(tls && { tls: {} }),
    },
  });
  let quietUntil = 0;
  const onNodeError = (error: Error, node: string): void => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + NODE_ERROR_EVERY_MS;
    onError(new Error(`Redis Cluster: ${node}: ${error.message}`, { cause: error }));
  };
  return cluster.on('error', (error: Error) => onError(describeClusterError(error))).on('node error', onNodeError);
}

function connect(redisUrl: string, limits: Limits, sending: Sending, onError: OnRedisError): RedisClient {
  const parsed = parseRedisUrl(redisUrl);
  if (!parsed.ok) throw new Error(`The URL of Redis ${parsed.problem}`);
  const { place } = parsed;
  if (place.kind === 'cluster') return connectCluster(place, limits, sending, onError);
  return new Redis(place.url, { ...limits, ...sending, retryStrategy }).on('error', onError);
}

/** A connection for short commands: it fails fast, since nothing may wait for Redis. @param redisUrl see parseRedisUrl */
export function connectProducer(redisUrl: string, onError: OnRedisError): RedisClient {
  const limits = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: PRODUCER_SILENCE_MS,
    maxRetriesPerRequest: 1,
  };
  return connect(redisUrl, limits, { maxRedirections: PRODUCER_REDIRECTIONS }, onError);
}

/** A connection for a worker: its blocking reads wait, and it reconnects for ever. @param redisUrl see parseRedisUrl */
export function connectWorker(redisUrl: string, onError: OnRedisError): RedisClient {
  const limits = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: WORKER_SILENCE_MS,
    maxRetriesPerRequest: null,
  };
  const sending = {
    maxRedirections: WORKER_REDIRECTIONS,
    // Hundreds of jobs end at about the same time: one write and one read for all of them, and Redis wakes up once.
    enableAutoPipelining: true,
    autoPipeliningIgnoredCommands: BLOCKING_COMMANDS,
  };
  return connect(redisUrl, limits, sending, onError);
}
