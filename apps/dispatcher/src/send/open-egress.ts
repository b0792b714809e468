import type { BlockList } from 'node:net';
import type { Logger } from '@posthorn/runtime/create-logger';
import { createOwnAddresses } from '@posthorn/runtime/own-addresses';
import { createHostResolver } from './create-host-resolver.ts';
import type { Egress } from './open-guarded.ts';

/** What the operator says of the way out. */
export interface EgressSettings {
  readonly allowHttp: boolean;
  readonly allowed: BlockList;
  readonly proxyUrl: string | null;
  /** Empty: the machine's own. */
  readonly nameServers: readonly string[];
}

/**
 * The way out of this machine. What the proxy answers is for the operator's log; its URL, which holds a password, is not.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function openEgress(settings: EgressSettings, now: () => number, log: Logger): Egress {
  const { allowHttp, allowed, proxyUrl, nameServers } = settings;
  const report = (reason: string) => log.warn('the egress proxy opened no connection', { reason });
  return {
    rules: { allowHttp, allowed, own: createOwnAddresses(now) },
    resolve: createHostResolver({ allowed, servers: nameServers, now }),
    proxy: proxyUrl === null ? null : { url: proxyUrl, bypass: allowed, report },
  };
}
