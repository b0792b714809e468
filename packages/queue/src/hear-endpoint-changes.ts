import { Redis } from 'ioredis';
import { connectWorker, type OnRedisError, type RedisClient } from './connect-redis.ts';

/** A connection that died unnoticed owes no answer, unless it is asked for one. */
const ASK_EVERY_MS = 5_000;

/** Where the ids of changed endpoints are published. Channels are one for all databases of a server, which may serve others too. */
export const endpointChanges = (redis: RedisClient): string =>
  `posthorn:endpoint-changes:${redis instanceof Redis ? redis.options.db : 0}`;

export interface EndpointChangesOptions {
  /** One server or nodes of a Redis Cluster: see parseRedisUrl. */
  readonly redisUrl: string;
  readonly onChange: (endpointId: string) => void;
  readonly onError: OnRedisError;
}

/** Hears of endpoints that {@link Producer.announceEndpoint} tells of, but for those that changed while Redis was away. */
export function hearEndpointChanges({ redisUrl, onChange, onError }: EndpointChangesOptions): { close(): void } {
  const redis = connectWorker(redisUrl, onError);
  // With each connection, whatever became of the last one's; what is subscribed to twice comes once.
  redis.on('ready', () => void redis.subscribe(endpointChanges(redis)).catch(onError));
  redis.on('message', (_channel: string, endpointId: string) => onChange(endpointId));
  const asking = setInterval(() => {
    if (redis.status === 'ready') void redis.ping().catch(onError);
  }, ASK_EVERY_MS);
  return {
    close() {
      clearInterval(asking);
      redis.disconnect();
    },
  };
}
