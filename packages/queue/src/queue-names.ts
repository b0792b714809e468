/** Keys of one shard share a Redis Cluster slot: the hash tag is the prefix. */
const PREFIX = 'posthorn';

export interface QueueName {
  readonly name: string;
  readonly prefix: string;
}

/** The queues that deliveries are spread over, one per shard. */
export const queueNames = (shards: number): readonly QueueName[] =>
  Array.from({ length: shards }, (_, shard) => ({ name: 'deliveries', prefix: `{${PREFIX}-${shard}}` }));

/** The shard of an endpoint's deliveries; the same on every process. FNV-1a over the id. */
export function shardOf(endpointId: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < endpointId.length; index += 1) {
    hash = Math.imul(hash ^ endpointId.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % shards;
}
