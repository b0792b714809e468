import type { Server } from 'node:http';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_CONNECTIONS = 10_000;

/**
 * Starts listening, with limits on what a slow or greedy client may hold.
 *
 * @throws an Error that says in one line why the port cannot be used
 */
export function listen(server: Server, port: number): Promise<void> {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'another process uses it' : (error.code ?? error.message);
      reject(new Error(`Cannot listen on port ${port}: ${reason}`));
    });
    server.listen(port, () => resolve());
  });
}
