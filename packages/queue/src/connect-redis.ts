import { Redis } from 'ioredis';

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

const retryStrategy = (times: number): number =>
  Math.min(MAX_RECONNECT_DELAY_MS, FIRST_RECONNECT_DELAY_MS * 2 ** Math.min(times, 10));

/** Called with each connection error; a missing listener would end the process. */
export type OnRedisError = (error: Error) => void;

/** A connection for short commands: it fails fast, since nothing may wait for Redis. */
export function connectProducer(redisUrl: string, onError: OnRedisError): Redis {
  const redis = new Redis(redisUrl, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: PRODUCER_SILENCE_MS,
    maxRetriesPerRequest: 1,
    retryStrategy,
  });
  return redis.on('error', onError);
}

/** A connection for a worker: its blocking reads wait, and it reconnects for ever. */
export function connectWorker(redisUrl: string, onError: OnRedisError): Redis {
  const redis = new Redis(redisUrl, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: WORKER_SILENCE_MS,
    maxRetriesPerRequest: null,
    retryStrategy,
  });
  return redis.on('error', onError);
}
