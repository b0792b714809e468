import type { Socket } from 'node:net';
import type { Serve } from './start-raw-receiver.ts';

/** The status line of a success. */
export const OK = 'HTTP/1.1 200 OK\r\n';

/** Answers the first bytes of a request. */
export const answering =
  (act: (socket: Socket) => void): Serve =>
  (socket) =>
    void socket.once('data', () => act(socket));

/** Writes the same again and again, as fast as it is taken. */
export function pour(socket: Socket, chunk: string | Buffer): void {
  const more = (): void => {
    if (socket.destroyed) return;
    if (socket.write(chunk)) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}

/** Writes the same again and again, slowly. */
export function drip(socket: Socket, text: string, everyMs = 20): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.once('close', () => clearInterval(timer));
}
