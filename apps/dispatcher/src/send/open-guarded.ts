import { isIP, type LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import type { EgressRules } from '@posthorn/domain/egress/egress-rules';
import { isListed } from '@posthorn/domain/egress/is-listed';
import { judgeAnswer, judgeHost, type Target } from '@posthorn/domain/egress/judge-target';
import { BlockedError } from './blocked-error.ts';
import { carryTunnel } from './carry-tunnel.ts';
import type { HostAnswer, HostResolver } from './create-host-resolver.ts';
import type { ConnectionKeeper } from './keep-connections.ts';
import { type EgressProxy, openTunnel } from './open-tunnel.ts';
import { speakTls, watchHandshake } from './watch-handshake.ts';

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

/** The lookup that was made for this request already, as the agent hands it on to a new connection. */
export const renewal = Symbol('renewal');

/** What an agent connects with. */
export interface ConnectOptions {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly socket?: Duplex;
  readonly lookup?: LookupFunction;
  readonly autoSelectFamilyAttemptTimeout?: number;
  readonly [renewal]?: Promise<HostAnswer>;
}

/** One connection that an agent is about to make. */
export interface Connection {
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
export async function findAddresses({ rules, resolve }: Egress, target: Target): Promise<HostAnswer> {
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

/** Connects, where TLS is spoken over a socket that bounds its handshake. @returns what the agent speaks over, and what it is connected by */
function begin({ options, target, connect, through }: Connection, lookup: LookupFunction): [Duplex, Socket] {
  const how = { lookup, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS };
  if (!target.secure) {
    const socket = connect({ ...options, ...how }) as Socket;
    return [socket, socket];
  }
  const plain = new Socket();
  const socket = speakTls(plain, through) as Duplex;
  plain.setNoDelay(true).connect({ ...how, host: target.host, port: target.port });
  return [socket, plain];
}

/** The address that was connected to is judged once more. */
function connectDirectly(connection: Connection, find: () => Promise<HostAnswer>): Duplex {
  const { egress, keeper, target } = connection;
  const lookup = lookupOf(async () => {
    const answer = await find();
    keeper.learned(target, answer);
    return answer;
  });
  const [socket, plain] = begin(connection, lookup);
  // TLS tells no address of what it is spoken over.
  plain.once('connect', () => {
    if (target.secure) watchHandshake(socket);
    const { remoteAddress } = plain;
    const late = remoteAddress === undefined ? null : judgeAnswer(target, [remoteAddress], egress.rules);
    if (late !== null) socket.destroy(new BlockedError(late));
    else if (remoteAddress !== undefined) keeper.reached(socket, remoteAddress);
  });
  return socket;
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
  const tunnel = await openTunnel(proxy, address, target.port);
  const socket = target.secure ? speakTls(carryTunnel(tunnel), through) : through(tunnel);
  if (socket) {
    if (target.secure) watchHandshake(socket);
    keeper.learned(target, answer);
    keeper.reached(socket, address);
  }
  return socket;
}

/**
 * Opens a connection once the guard has nothing against it; through a proxy it comes later, to `done`. `lookup` is never
 * called for an IP literal, so literals are judged before it.
 *
 * @throws BlockedError
 */
export function openGuarded(connection: Connection): Duplex | null | undefined {
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
