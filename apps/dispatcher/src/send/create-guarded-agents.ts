import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type BlockList, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { classifyAddress } from '@posthorn/domain/egress/classify-address';
import { isRefusedPort } from '@posthorn/domain/egress/refused-ports';
import { BlockedError } from './blocked-error.ts';

/** An idle connection is closed before most receivers would close it, or a request could meet the closing. */
const IDLE_SOCKET_MS = 1_500;
const MAX_FREE_SOCKETS = 256;

interface ConnectOptions {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  lookup?: LookupFunction;
}

const agentOptions = {
  keepAlive: true,
  maxFreeSockets: MAX_FREE_SOCKETS,
  timeout: IDLE_SOCKET_MS,
  scheduling: 'lifo',
} as const;

function refusal(address: string, port: number, allowed: BlockList): BlockedError | null {
  const reason = classifyAddress(address, allowed);
  if (reason) return new BlockedError(`Not sent: the endpoint's host leads to a refused address (${reason})`);
  const opened = allowed.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  if (isRefusedPort(port) && !opened) return new BlockedError(`Not sent: port ${port} belongs to another protocol`);
  return null;
}

/** One refused address refuses the whole answer: a name that mixes public and private addresses is an attack. */
const guardedLookup =
  (port: number, allowed: BlockList): LookupFunction =>
  (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const refused = addresses?.map(({ address }) => refusal(address, port, allowed)).find((found) => found !== null);
      const failure = error ?? refused;
      const [first] = addresses ?? [];
      if (failure || !first) callback(failure ?? new Error(`${hostname} has no address`), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** `lookup` is never called for an IP literal, so literals are judged here; the connected address is judged once more. */
function guard(
  options: ConnectOptions,
  allowed: BlockList,
  connect: (options: ConnectOptions) => Duplex | null | undefined,
) {
  const host = options.host ?? '';
  const port = Number(options.port);
  const refused = isIP(host) === 0 ? null : refusal(host, port, allowed);
  if (refused) throw refused;
  const socket = connect({ ...options, lookup: guardedLookup(port, allowed) }) as Socket;
  socket.once('connect', () => {
    const late = socket.remoteAddress && refusal(socket.remoteAddress, port, allowed);
    if (late) socket.destroy(late);
  });
  return socket;
}

/**
 * Agents whose every new connection is checked against the address it really uses. They belong to one policy: a kept-
 * alive connection is not checked again.
 *
 * @param secureContext what TLS connects with, where it is not the usual
 */
export function createGuardedAgents(allowed: BlockList, secureContext?: SecureContext) {
  class GuardedHttpAgent extends HttpAgent {
    override createConnection(...[options, callback]: Parameters<HttpAgent['createConnection']>) {
      return guard(options as ConnectOptions, allowed, (checked) => super.createConnection(checked, callback));
    }
  }
  class GuardedHttpsAgent extends HttpsAgent {
    override createConnection(...[options, callback]: Parameters<HttpsAgent['createConnection']>) {
      return guard(options as ConnectOptions, allowed, (checked) => super.createConnection(checked, callback));
    }
  }
  return {
    http: new GuardedHttpAgent(agentOptions),
    https: new GuardedHttpsAgent({
      ...agentOptions,
      minVersion: 'TLSv1.2',
      // Said here, so that no variable of the environment can say otherwise.
      rejectUnauthorized: true,
      ...(secureContext && { secureContext }),
    }),
  };
}
