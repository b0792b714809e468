import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@posthorn/runtime/create-logger';

/**
 * Closes a connection that sends more requests than so many before it is answered (pipelining, RFC 9112, 9.3.2). Node hands over all
 * that came with a piece of 64 KB at once, and goes on reading while they wait.
 *
 * @returns whether a request may be answered; of a closed connection none may
 */
export function limitUnanswered(
  most: number,
  log: Logger,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const unanswered = new WeakMap<Socket, number>();
  const add = (socket: Socket, change: number): number => {
    const count = (unanswered.get(socket) ?? 0) + change;
    unanswered.set(socket, count);
    return count;
  };
  return ({ socket }, response) => {
    if (socket.destroyed) return false;
    if (add(socket, 1) > most) {
      log.info('connection closed that sent too many requests unanswered', { unanswered: most });
      socket.destroy();
      return false;
    }
    response.once('close', () => add(socket, -1));
    return true;
  };
}
