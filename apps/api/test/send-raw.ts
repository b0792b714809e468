import { connect } from 'node:net';

/** What came over a bare socket. */
export interface RawExchange {
  readonly received: string;
  /** Whether the server ended the connection; else it went quiet. */
  readonly closed: boolean;
}

/**
 * Sends bytes as they stand, whether they are HTTP or not, and waits until the server closes or goes quiet.
 *
 * @param quietMs silence after which nothing more is expected
 */
export function sendRaw(url: string, bytes: string | Buffer, quietMs = 500): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    let closed = true;
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(quietMs, () => {
      closed = false;
      socket.destroy();
    });
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve({ received, closed })).on('error', () => undefined);
  });
}
