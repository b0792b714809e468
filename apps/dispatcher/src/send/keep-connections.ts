import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Target } from '@posthorn/domain/egress/judge-target';
import type { HostAnswer } from './create-host-resolver.ts';

/** A connection is not used again after this, so that deliveries are spread anew over the addresses of a name. */
const MAX_SOCKET_AGE_MS = 5_000;
/** An answer of DNS counts for kept connections as long as it says itself, but never longer than this. */
const MAX_ANSWER_AGE_MS = 1_000;

/** What is known of a host name, at one port, while a connection to it is open. */
interface KnownHost {
  /** Connections that are open, lent out or not. */
  open: number;
  /** Those that are lent to nobody. */
  readonly idle: Set<Duplex>;
  addresses: readonly string[];
  /** Until then, on the clock of the keeper, the addresses need not be asked for again. */
  heldUntil: number;
  /** The lookup that is under way. */
  renewal: Promise<HostAnswer> | null;
}

interface KeptConnection {
  readonly target: Target;
  readonly openedAt: number;
  /** `null` until it is connected. */
  address: string | null;
}

/** Finds what a host leads to, all of it judged. @throws BlockedError, LookupError */
type FindAddresses = (target: Target) => Promise<HostAnswer>;

/** An answer is judged with the port, so it counts for that port. */
const nameOf = ({ host, port }: Target): string => `${host}:${port}`;

export interface ConnectionKeeper {
  /** A connection to a host was begun. */
  opened(socket: Duplex, target: Target): void;
  /** It reached this address. */
  reached(socket: Duplex, address: string): void;
  /** The answer of a lookup that was made for a new connection. */
  learned(target: Target, answer: HostAnswer): void;
  /** A request is done with it. @returns whether it may serve another one */
  givenBack(socket: Duplex): boolean;
  /** A request uses it again. */
  lent(socket: Duplex): void;
  /**
   * To be waited for before a request may get an idle connection to this host: DNS is asked, and connections to an address
   * that it no longer names are closed; all of them, if it names none. `null`: nothing has to be asked.
   *
   * @returns what a new connection may use. @throws BlockedError, LookupError
   */
  renew(target: Target): Promise<HostAnswer> | null;
}

/**
 * Decides which idle connections may be used again: those to an address that DNS names for the host now. A name that was
 * asked for a moment ago is not asked for again, as long as its answer holds.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createConnectionKeeper(find: FindAddresses, now: () => number): ConnectionKeeper {
  const hosts = new Map<string, KnownHost>();
  const connections = new WeakMap<Duplex, KeptConnection>();

  const hold = (known: KnownHost, { addresses, holdsMs }: HostAnswer): void => {
    known.addresses = addresses;
    known.heldUntil = now() + Math.min(holdsMs, MAX_ANSWER_AGE_MS);
  };
  // An agent may lend out a connection that is closed until it has heard of it.
  const closeMoved = async ({ idle }: KnownHost, addresses: readonly string[]): Promise<void> => {
    const isElsewhere = (socket: Duplex): boolean => !addresses.includes(connections.get(socket)?.address ?? '');
    const moved = [...idle].filter(isElsewhere);
    await Promise.all(moved.map((socket) => once(socket.destroy(), 'close')));
  };
  const renewed = async (target: Target, known: KnownHost): Promise<HostAnswer> => {
    try {
      const answer = await find(target);
      known.addresses = answer.addresses;
      await closeMoved(known, answer.addresses);
      hold(known, answer);
      return answer;
    } catch (error) {
      known.addresses = [];
      await closeMoved(known, []);
      throw error;
    } finally {
      known.renewal = null;
    }
  };
  return {
    opened(socket, target) {
      connections.set(socket, { target, openedAt: now(), address: null });
      // A host that is an address stays where it is.
      if (isIP(target.host) !== 0) return;
      const name = nameOf(target);
      const known = hosts.get(name) ?? { open: 0, idle: new Set(), addresses: [], heldUntil: 0, renewal: null };
      hosts.set(name, known);
      known.open += 1;
      socket.once('close', () => {
        known.idle.delete(socket);
        known.open -= 1;
        if (known.open === 0) hosts.delete(name);
      });
    },
    reached(socket, address) {
      const connection = connections.get(socket);
      if (connection) connection.address = address;
    },
    learned(target, answer) {
      const known = hosts.get(nameOf(target));
      if (known) hold(known, answer);
    },
    givenBack(socket) {
      const connection = connections.get(socket);
      if (!connection || now() - connection.openedAt >= MAX_SOCKET_AGE_MS) return false;
      const known = hosts.get(nameOf(connection.target));
      if (!known) return isIP(connection.target.host) !== 0;
      if (connection.address === null || !known.addresses.includes(connection.address)) return false;
      known.idle.add(socket);
      return true;
    },
    lent(socket) {
      const connection = connections.get(socket);
      if (connection) hosts.get(nameOf(connection.target))?.idle.delete(socket);
    },
    renew(target) {
      const known = hosts.get(nameOf(target));
      if (!known || known.idle.size === 0 || now() < known.heldUntil) return null;
      known.renewal ??= renewed(target, known);
      return known.renewal;
    },
  };
}
