import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { callbackify } from 'node:util';
import type { EgressRules } from '@posthorn/domain/egress/egress-rules';
import { isListed } from '@posthorn/domain/egress/is-listed';
import { judgeAnswer, judgeHost, type Target } from '@posthorn/domain/egress/judge-target';
import { BlockedError } from './blocked-error.ts';
import type { HostAnswer, HostResolver } from './create-host-resolver.ts';
import { type ConnectionKeeper, createConnectionKeeper } from './keep-connections.ts';
import { type EgressProxy, openTunnel } from './open-tunnel.ts';
import { tlsTerms } from './tls-terms.ts';

/** An idle connection is closed before most receivers would close it, or a request could meet the closing. */
const IDLE_SOCKET_MS = 1_500;
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

/** The lookup that was made for this request already, as the agent hands it on to a new connection. */
const renewal = Symbol('renewal');

interface ConnectOptions {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly socket?: Duplex;
  readonly lookup?: LookupFunction;
  readonly autoSelectFamilyAttemptTimeout?: number;
  readonly [renewal]?: Promise<HostAnswer>;
}

/** One connection that an agent is about to make. */
interface Connection {
  readonly egress: Egress;
  readonly keeper: ConnectionKeeper;
  readonly options: ConnectOptions;
  readonly target: Target;
  /** How the agent itself connects, once the guard has nothing against it. */
  readonly connect: (options: ConnectOptions) => Duplex | null | undefined;
  /** What the agent speaks through a tunnel: TLS, or nothing more. */
  readonly through: (tunnel: Duplex) => Duplex | null | undefined;
  readonly done: ((error: Error | null, socket: Duplex) => void) | undefined;
}

const refuse = (sentence: string | null): void => {
  if (sentence !== null) throw new BlockedError(sentence);
};

/** What a host leads to, all of it judged. @throws BlockedError, LookupError */
async function findAddresses({ rules, resolve }: Egress, target: Target): Promise<HostAnswer> {
  if (isIP(target.host) !== 0) return { addresses: [target.host], holdsMs: Number.POSITIVE_INFINITY };
  const answer = await resolve(target.host);
  refuse(judgeAnswer(target, answer.addresses, rules));
  return answer;
}

/** Gives the socket these addresses and no others, so that what is connected to is what was judged. */
const lookupOf =
  (find: () => Promise<HostAnswer>): LookupFunction =>
  (_, options, callback) =>
    callbackify(find)((error: Error | null, answer) => {
      if (error) return callback(error, '', 0);
      const found = answer.addresses.slice(0, MAX_ADDRESSES).map((address) => ({ address, family: isIP(address) }));
      const [first] = found;
      return options.all ? callback(null, found) : callback(null, first?.address ?? '', first?.family ?? 0);
    });

/** The address that was connected to is judged once more. */
function connectDirectly(
  { egress, keeper, options, target, connect }: Connection,
  find: () => Promise<HostAnswer>,
): Socket {
  const lookup = lookupOf(async () => {
    const answer = await find();
    keeper.learned(target, answer);
    return answer;
  });
  const socket = connect({ ...options, lookup, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS }) as Socket;
  return socket.once('connect', () => {
    const { remoteAddress } = socket;
    const late = remoteAddress === undefined ? null : judgeAnswer(target, [remoteAddress], egress.rules);
    if (late !== null) socket.destroy(new BlockedError(late));
    else if (remoteAddress !== undefined) keeper.reached(socket, remoteAddress);
  });
}

/** Networks of the operator's own are reached directly; everything else leaves through the proxy. */
async function connectBy(
  proxy: EgressProxy,
  connection: Connection,
  find: () => Promise<HostAnswer>,
): Promise<Duplex | null | undefined> {
  const { keeper, target, through } = connection;
  const answer = await find();
  const { addresses } = answer;
  if (addresses.every((address) => isListed(proxy.bypass, address))) {
    return connectDirectly(connection, () => Promise.resolve(answer));
  }
  const [address = ''] = addresses;
  const socket = through(await openTunnel(proxy, address, target.port));
  if (socket) {
    keeper.learned(target, answer);
    keeper.reached(socket, address);
  }
  return socket;
}

/** `lookup` is never called for an IP literal, so literals are judged before it. */
function open(connection: Connection): Duplex | null | undefined {
  const { egress, options, target, done } = connection;
  refuse(judgeHost(target, egress.rules));
  const find = (): Promise<HostAnswer> => options[renewal] ?? findAddresses(egress, target);
  if (egress.proxy === null) return connectDirectly(connection, find);
  const { proxy } = egress;
  callbackify(() => connectBy(proxy, connection, find))((error: Error | null, socket) =>
    done?.(error, socket as Duplex),
  );
  return undefined;
}

/** What Node's agents do with a request; they have the method, and its types do not. */
type AddRequest = (request: ClientRequest, options: ConnectOptions) => void;
const { addRequest } = HttpAgent.prototype as unknown as { addRequest: AddRequest };

const targetOf = ({ host, port }: ConnectOptions, secure: boolean): Target => ({
  host: host ?? '',
  port: Number(port),
  secure,
});

/** Lets an agent choose a connection once those to an address that is no longer the host's are closed. */
function addRenewed(
  keeper: ConnectionKeeper,
  target: Target,
  options: ConnectOptions,
  add: (options: ConnectOptions) => void,
): void {
  const asked = keeper.renew(target);
  if (!asked) return add(options);
  const go = () => add({ ...options, [renewal]: asked });
  asked.then(go, go);
}

/**
 * Agents whose every new connection is checked against the address it really uses. A connection that is kept alive stays
 * with the address that was checked, and is used again only while the host still leads there; it never leaves the agents,
 * which belong to one policy.
 */
export function createGuardedAgents(egress: Egress, { keepAlive, now, secureContext }: AgentOptions) {
  const keeper = createConnectionKeeper((target) => findAddresses(egress, target), now);
  const noted = (socket: Duplex | null | undefined, target: Target) => {
    if (socket) keeper.opened(socket, target);
    return socket;
  };

  class GuardedHttpAgent extends HttpAgent {
    addRequest(request: ClientRequest, options: ConnectOptions): void {
      addRenewed(keeper, targetOf(options, false), options, (renewed) => addRequest.call(this, request, renewed));
    }
    override createConnection(...[given, done]: Parameters<HttpAgent['createConnection']>) {
      const options = given as ConnectOptions;
      const target = targetOf(options, false);
      const connect = (checked: ConnectOptions) => noted(super.createConnection(checked), target);
      const through = (tunnel: Duplex) => noted(tunnel, target);
      return open({ egress, keeper, options, target, connect, through, done });
    }
    override keepSocketAlive(socket: Duplex): boolean {
      return Boolean(super.keepSocketAlive(socket)) && keeper.givenBack(socket);
    }
    override reuseSocket(socket: Duplex, request: ClientRequest): void {
      keeper.lent(socket);
      super.reuseSocket(socket, request);
    }
  }
  class GuardedHttpsAgent extends HttpsAgent {
    addRequest(request: ClientRequest, options: ConnectOptions): void {
      addRenewed(keeper, targetOf(options, true), options, (renewed) => addRequest.call(this, request, renewed));
    }
    override createConnection(...[given, done]: Parameters<HttpsAgent['createConnection']>) {
      const options = given as ConnectOptions;
      const target = targetOf(options, true);
      const connect = (checked: ConnectOptions) => noted(super.createConnection(checked), target);
      const through = (socket: Duplex) => connect({ ...options, socket });
      return open({ egress, keeper, options, target, connect, through, done });
    }
    override keepSocketAlive(socket: Duplex): boolean {
      return Boolean(super.keepSocketAlive(socket)) && keeper.givenBack(socket);
    }
    override reuseSocket(socket: Duplex, request: ClientRequest): void {
      keeper.lent(socket);
      super.reuseSocket(socket, request);
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
