import { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import { parseCidrs } from '@posthorn/domain/egress/parse-cidrs';
import { createHostResolver } from '../src/send/create-host-resolver.ts';
import type { Egress } from '../src/send/open-guarded.ts';

export interface TestEgress extends Partial<Pick<Egress, 'resolve' | 'proxy'>> {
  /** What `EGRESS_ALLOW` says. */
  readonly open?: string;
  /** What `ALLOW_HTTP` says; default: `true`. */
  readonly allowHttp?: boolean;
  readonly own?: BlockList;
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
}

export function networks(text: string): BlockList {
  const parsed = parseCidrs(text);
  if (!parsed.ok) throw new Error(`not a list of networks: ${parsed.wrong.join(' ')}`);
  return parsed.list;
}

/** The way out as a dispatcher has it, with what a test changes. No name server is asked that the test does not name. */
export function testEgress(wish: TestEgress = {}): Egress {
  const {
    open = '127.0.0.0/8',
    own = new BlockList(),
    servers = ['127.0.0.1:9'],
    allowHttp = true,
    hostsFile = '/nowhere',
  } = wish;
  const allowed = networks(open);
  return {
    rules: { allowHttp, allowed, own: () => own },
    resolve: wish.resolve ?? createHostResolver({ allowed, servers, hostsFile, now: () => performance.now() }),
    proxy: wish.proxy ?? null,
  };
}
