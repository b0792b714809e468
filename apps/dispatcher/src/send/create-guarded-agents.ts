import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { callbackify } from 'node:util';
import type { EgressRules } from '@posthorn/domain/egress/egress-rules';
import { isListed } from '@posthorn/domain/egress/is-listed';
import { judgeAnswer, judgeHost, type Target } from '@posthorn/domain/egress/judge-target';
import { BlockedError } from './blocked-error.ts';
import type { HostResolver } from './create-host-resolver.ts';
import { type EgressProxy, openTunnel } from './open-tunnel.ts';
import { tlsTerms } from './tls-terms.ts';

/** An idle connection is closed before most receivers would close it, or a request could meet the closing. */
const IDLE_SOCKET_MS = 1_500;
/** A connection is not used again after this, so that deliveries follow a name that has moved. */
const MAX_SOCKET_AGE_MS = 5_000;
const MAX_FREE_SOCKETS = 256;
/** Addresses of one name that are tried. */
const MAX_ADDRESSES = 16;
/** Before the next one of them is tried. Node's own 250 ms are less than a connection across the world may take. */
const ADDRESS_ATTEMPT_MS = 1_000;

/** How deliveries leave. */
export interface Egress {
  readonly rules: EgressRules;
  readonly resolve: HostResolver;
  readonly proxy: EgressProxy | null;
}

export interface AgentOptions {
  /** Whether a connection may serve several requests. */
  readonly keepAlive: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** What TLS connects with, where it is not the usual. */
  readonly secureContext?: SecureContext;
}

interface ConnectOptions {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly socket?: Duplex;
  readonly lookup?: LookupFunction;
  readonly autoSelectFamilyAttemptTimeout?: number;
}

/** One connection that an agent is about to make. */
interface Connection {
  readonly egress: Egress;
  readonly options: ConnectOptions;
  readonly secure: boolean;
  /** How the agent itself connects, once the guard has nothing against it. */
  readonly connect: (options: ConnectOptions) => Duplex | null | undefined;
  /** What the agent speaks through a tunnel: TLS, or nothing more. */
  readonly through: (tunnel: Duplex) => Duplex | null | undefined;
  readonly done: ((error: Error | null, socket: Duplex) => void) | undefined;
}

const refuse = (sentence: string | null): void => {
  if (sentence !== null) throw new BlockedError(sentence);
};

/** The addresses of a host, all of them judged. @throws BlockedError, LookupError */
async function findAddresses({ rules, resolve }: Egress, target: Target): Promise<readonly string[]> {
  if (isIP(target.host) !== 0) return [target.host];
  const addresses = await resolve(target.host);
  refuse(judgeAnswer(target, addresses, rules));
  return addresses.slice(0, MAX_ADDRESSES);
}

/** Gives the socket these addresses and no others, so that what is connected to is what was judged. */
const lookupOf =
  (find: () => Promise<readonly string[]>): LookupFunction =>
  (_, options, callback) =>
    callbackify(find)((error: Error | null, addresses) => {
      if (error) return callback(error, '', 0);
      const found = addresses.map((address) => ({ address, family: isIP(address) }));
      const [first] = found;
      return options.all ? callback(null, found) : callback(null, first?.address ?? '', first?.family ?? 0);
    });

/** The address that was connected to is judged once more. */
function connectDirectly(
  { egress, options, connect }: Connection,
  target: Target,
  find: () => Promise<readonly string[]>,
): Socket {
  const lookup = lookupOf(find);
  const socket = connect({ ...options, lookup, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS }) as Socket;
  return socket.once('connect', () => {
    const { remoteAddress } = socket;
    const late = remoteAddress === undefined ? null : judgeAnswer(target, [remoteAddress], egress.rules);
    if (late !== null) socket.destroy(new BlockedError(late));
  });
}

/** Networks of the operator's own are reached directly; everything else leaves through the proxy. */
async function connectBy(
  proxy: EgressProxy,
  connection: Connection,
  target: Target,
): Promise<Duplex | null | undefined> {
  const addresses = await findAddresses(connection.egress, target);
  if (addresses.every((address) => isListed(proxy.bypass, address))) {
    return connectDirectly(connection, target, () => Promise.resolve(addresses));
  }
  return connection.through(await openTunnel(proxy, addresses[0] ?? '', target.port));
}

/** `lookup` is never called for an IP literal, so literals are judged before it. */
function open(connection: Connection): Duplex | null | undefined {
  const { egress, options, secure, done } = connection;
  const target = { host: options.host ?? '', port: Number(options.port), secure };
  refuse(judgeHost(target, egress.rules));
  if (egress.proxy === null) return connectDirectly(connection, target, () => findAddresses(egress, target));
  const { proxy } = egress;
  callbackify(() => connectBy(proxy, connection, target))((error: Error | null, socket) =>
    done?.(error, socket as Duplex),
  );
  return undefined;
}

/**
 * Agents whose every new connection is checked against the address it really uses. A connection that is kept alive is not
 * checked again: it stays with the address that was checked, for {@link MAX_SOCKET_AGE_MS} at the most, and never leaves
 * the agents, which belong to one policy.
 */
export function createGuardedAgents(egress: Egress, { keepAlive, now, secureContext }: AgentOptions) {
  const openedAt = new WeakMap<Duplex, number>();
  const noted = (socket: Duplex | null | undefined) => {
    if (socket) openedAt.set(socket, now());
    return socket;
  };
  const isYoung = (socket: Duplex): boolean => now() - (openedAt.get(socket) ?? now()) < MAX_SOCKET_AGE_MS;

  class GuardedHttpAgent extends HttpAgent {
    override createConnection(...[options, done]: Parameters<HttpAgent['createConnection']>) {
      const connect = (checked: ConnectOptions) => noted(super.createConnection(checked));
      return open({ egress, options: options as ConnectOptions, secure: false, connect, through: noted, done });
    }
    override keepSocketAlive(socket: Duplex): boolean {
      return isYoung(socket) && Boolean(super.keepSocketAlive(socket));
    }
  }
  class GuardedHttpsAgent extends HttpsAgent {
    override createConnection(...[options, done]: Parameters<HttpsAgent['createConnection']>) {
      const connect = (checked: ConnectOptions) => noted(super.createConnection(checked));
      const through = (socket: Duplex) => connect({ ...(options as ConnectOptions), socket });
      return open({ egress, options: options as ConnectOptions, secure: true, connect, through, done });
    }
    override keepSocketAlive(socket: Duplex): boolean {
      return isYoung(socket) && Boolean(super.keepSocketAlive(socket));
    }
  }
  const agentOptions = {
    keepAlive,
    maxFreeSockets: MAX_FREE_SOCKETS,
    timeout: IDLE_SOCKET_MS,
    scheduling: 'lifo',
  } as const;
  return {
    http: new GuardedHttpAgent(agentOptions),
    https: new GuardedHttpsAgent({
      ...agentOptions,
      ...tlsTerms,
      // Said here, so that no variable of the environment can say otherwise.
      rejectUnauthorized: true,
      ...(secureContext && { secureContext }),
    }),
  };
}
