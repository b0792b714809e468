import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server that parses events and does nothing with them. */
export async function startBareExpress() {
  const child = fork(fileURLToPath(new URL('./bare-express-main.js', import.meta.url)));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
}
