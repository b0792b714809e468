import { createServer } from 'node:net';

/** Throws a message that names the setting to change when nothing can listen on `port`. */
export async function ensurePortFree(port: number, setting: string): Promise<void> {
  const problem = await tryToListen(port);
  if (problem === undefined) return;
  const reason =
    {
      EADDRINUSE: `Port ${port} is taken by another program.`,
      EACCES: `Port ${port} may not be used by this user.`,
    }[problem] ?? `Port ${port} cannot be used (${problem}).`;
  throw new Error(`${reason} Free it, or choose another one: ${setting}=${port + 10} npm start`);
}

function tryToListen(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, () => server.close(() => resolve(undefined)));
  });
}
