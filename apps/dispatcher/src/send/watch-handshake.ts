import type { Duplex } from 'node:stream';
import { type BoundHandshake, boundHandshake } from './bound-handshake.ts';

const underWay = new WeakSet<Duplex>();
const handshakes = new WeakMap<Duplex, BoundHandshake>();

/** Has TLS spoken over a connection, and its handshake bound. */
export function speakTls<Spoken extends Duplex | null | undefined>(
  carrier: Duplex,
  speak: (carrier: Duplex) => Spoken,
): Spoken {
  const handshake = boundHandshake(carrier);
  const socket = speak(carrier);
  socket?.once('secureConnect', () => handshake.over());
  if (socket) handshakes.set(socket, handshake);
  return socket;
}

/** Whether its handshake took long of our own time. */
export const wasDear = (socket: Duplex): boolean => handshakes.get(socket)?.wasDear() ?? false;

/** Notes that TLS begins on a connection that is made; where it never comes to an end, that stays true of it. */
export function watchHandshake(socket: Duplex): void {
  underWay.add(socket);
  socket.once('secureConnect', () => underWay.delete(socket));
}

/** Whether it was connected, and its handshake is under way or broke off. */
export const isShakingHands = (socket: Duplex): boolean => underWay.has(socket);
