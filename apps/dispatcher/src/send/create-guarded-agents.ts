import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { Target } from '@posthorn/domain/egress/judge-target';
import { type ConnectionKeeper, createConnectionKeeper } from './keep-connections.ts';
import { type ConnectOptions, type Egress, findAddresses, openGuarded, renewal } from './open-guarded.ts';
import { readInPieces } from './read-in-pieces.ts';
import { tlsTerms } from './tls-terms.ts';

/** An idle connection is closed before most receivers would close it, or a request could meet the closing. */
const IDLE_SOCKET_MS = 1_500;
const MAX_FREE_SOCKETS = 256;

export interface AgentOptions {
  /** Whether a connection may serve several requests. */
  readonly keepAlive: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** What TLS connects with, where it is not the usual. */
  readonly secureContext?: SecureContext;
}

/** What Node's agents do with a request and a connection; they have these methods, and their types do not, or not these. */
interface AgentMethods {
  addRequest(request: ClientRequest, options: ConnectOptions): void;
  createConnection(
    options: ConnectOptions,
    done?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined;
  keepSocketAlive(socket: Duplex): boolean;
  reuseSocket(socket: Duplex, request: ClientRequest): void;
}

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

/** Has the agent make its connections behind the guard, and use a kept one again only while the keeper has nothing against it. */
function guard(agent: HttpAgent, secure: boolean, egress: Egress, keeper: ConnectionKeeper): void {
  const guarded = agent as unknown as AgentMethods;
  const node: AgentMethods = {
    addRequest: guarded.addRequest.bind(agent),
    createConnection: guarded.createConnection.bind(agent),
    keepSocketAlive: guarded.keepSocketAlive.bind(agent),
    reuseSocket: guarded.reuseSocket.bind(agent),
  };
  const targetOf = ({ host, port }: ConnectOptions): Target => ({ host: host ?? '', port: Number(port), secure });
  // The agent copies what it is told, twice, and needs no more of it than this to find or make a connection.
  guarded.addRequest = (request, { host, port }) =>
    addRenewed(keeper, targetOf({ host, port }), { host, port }, (options) => node.addRequest(request, options));
  guarded.createConnection = (options, done) => {
    const target = targetOf(options);
    const noted = (socket: Duplex | null | undefined) => {
      if (socket) {
        readInPieces(socket);
        keeper.opened(socket, target);
      }
      return socket;
    };
    const connect = (checked: ConnectOptions) => noted(node.createConnection(checked));
    const through = (tunnel: Duplex) => (secure ? connect({ ...options, socket: tunnel }) : noted(tunnel));
    return openGuarded({ egress, keeper, options, target, connect, through, done });
  };
  guarded.keepSocketAlive = (socket) => node.keepSocketAlive(socket) && keeper.givenBack(socket);
  guarded.reuseSocket = (socket, request) => {
    keeper.lent(socket);
    node.reuseSocket(socket, request);
  };
}

/**
 * Agents whose every new connection is checked against the address it really uses. A connection that is kept alive stays
 * with the address that was checked, and is used again only while the host still leads there; it never leaves the agents,
 * which belong to one policy.
 */
export function createGuardedAgents(egress: Egress, { keepAlive, now, secureContext }: AgentOptions) {
  const keeper = createConnectionKeeper((target) => findAddresses(egress, target), now);
  const agentOptions = {
    keepAlive,
    maxFreeSockets: MAX_FREE_SOCKETS,
    timeout: IDLE_SOCKET_MS,
    scheduling: 'lifo',
  } as const;
  const http = new HttpAgent(agentOptions);
  const https = new HttpsAgent({
    ...agentOptions,
    ...tlsTerms,
    // Said here, so that no variable of the environment can say otherwise.
    rejectUnauthorized: true,
    ...(secureContext && { secureContext }),
  });
  guard(http, false, egress, keeper);
  guard(https, true, egress, keeper);
  return { http, https };
}
