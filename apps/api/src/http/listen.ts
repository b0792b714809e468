import type { Server } from 'node:http';

/**
 * Starts listening.
 *
 * @throws an Error that says in one line why the port cannot be used
 */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'another process uses it' : (error.code ?? error.message);
      reject(new Error(`Cannot listen on port ${port}: ${reason}`));
    });
    server.listen(port, () => resolve());
  });
}
