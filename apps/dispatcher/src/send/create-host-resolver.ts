import { Resolver } from 'node:dns/promises';
import type { BlockList } from 'node:net';
import { isListed } from '@posthorn/domain/egress/is-listed';
import { isLocalhost } from '@posthorn/domain/egress/private-names';
import { LookupError } from './lookup-error.ts';
import { HOSTS_FILE, readHostsFile } from './read-hosts-file.ts';

/** A name server that does not answer is asked again after this; c-ares waits longer each time. */
const TRY_MS = 1_000;
const TRIES = 2;
/** A whole lookup, whatever name servers do: below the shortest deadline, so that the reason is told and not only that it passed. */
const LOOKUP_MS = 4_000;
/** The machine's name servers may change while the process runs; c-ares reads them when a resolver is made. */
const RESOLVER_AGE_MS = 60_000;
const HOSTS_AGE_MS = 5_000;
const LOOPBACK = ['127.0.0.1', '::1'];
/** c-ares: DNS has no such name, or cannot have it. */
const NO_SUCH_NAME: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EBADNAME', 'ENONAME']);

/** What a host name leads to. */
export interface HostAnswer {
  /** IPv4 first. */
  readonly addresses: readonly string[];
  /** For how long whoever answered lets the answer be kept, in ms. */
  readonly holdsMs: number;
}

/** Looks up a host name. @throws LookupError */
export type HostResolver = (hostname: string) => Promise<HostAnswer>;

export interface HostResolverOptions {
  /** Networks that the operator opened. */
  readonly allowed: BlockList;
  /** Name servers to ask, `address` or `address:port`; empty: the machine's own. */
  readonly servers: readonly string[];
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly hostsFile?: string;
}

function within<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LookupError('EAI_AGAIN')), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const codeOf = (result: PromiseSettledResult<unknown>): unknown =>
  result.status === 'rejected' ? (result.reason as { code?: unknown }).code : null;

/** c-ares gives the addresses in the server's order; a machine without IPv6 must not try that first. */
async function askDns(resolver: Resolver, hostname: string): Promise<HostAnswer> {
  const withTtl = { ttl: true } as const;
  const answers = await Promise.allSettled([
    resolver.resolve4(hostname, withTtl),
    resolver.resolve6(hostname, withTtl),
  ]);
  const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (records.length > 0) {
    const seconds = records.reduce((least, { ttl }) => Math.min(least, ttl), Number.POSITIVE_INFINITY);
    return { addresses: records.map(({ address }) => address), holdsMs: 1_000 * seconds };
  }
  const codes = answers.map(codeOf);
  const absent = codes.some((code) => NO_SUCH_NAME.has(code)) || codes.every((code) => code === 'ENODATA');
  throw new LookupError(absent ? 'ENOTFOUND' : 'EAI_AGAIN');
}

/**
 * Resolves names with c-ares: a name server that answers slowly holds a socket, where `getaddrinfo` would hold one of the
 * few threads that all of the process shares. Nothing is cached. `localhost` is this machine, as far as the operator opened
 * it; a name of the hosts file counts where the operator opened all of its addresses, and is asked of DNS otherwise.
 */
export function createHostResolver(options: HostResolverOptions): HostResolver {
  const { allowed, servers, now, hostsFile = HOSTS_FILE } = options;
  let resolver: Resolver | null = null;
  let resolverMadeAt = 0;
  let hosts: ReturnType<typeof readHostsFile> | null = null;
  let hostsReadAt = 0;

  const currentResolver = (): Resolver => {
    if (resolver && now() - resolverMadeAt < RESOLVER_AGE_MS) return resolver;
    resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
    if (servers.length > 0) resolver.setServers(servers);
    resolverMadeAt = now();
    return resolver;
  };
  const openedHosts = async (hostname: string): Promise<readonly string[] | null> => {
    if (allowed.rules.length === 0) return null;
    if (!hosts || now() - hostsReadAt >= HOSTS_AGE_MS) {
      hosts = readHostsFile(hostsFile);
      hostsReadAt = now();
    }
    const addresses = (await hosts).get(hostname.toLowerCase().replace(/\.$/, ''));
    return addresses?.every((address) => isListed(allowed, address)) ? addresses : null;
  };

  return async (hostname) => {
    if (isLocalhost(hostname)) {
      const opened = LOOPBACK.filter((address) => isListed(allowed, address));
      return { addresses: opened.length > 0 ? opened : LOOPBACK, holdsMs: HOSTS_AGE_MS };
    }
    const written = await openedHosts(hostname);
    if (written) return { addresses: written, holdsMs: HOSTS_AGE_MS };
    return within(askDns(currentResolver(), hostname), LOOKUP_MS);
  };
}
