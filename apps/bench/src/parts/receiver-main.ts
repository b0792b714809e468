// The receiver of the benchmarks, a process of its own. Paths: /ok answers at once, /hang never, /fail 500 always, /fail-once first.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceiverQuestion, ReceiverStats } from './receiver.ts';

const KEEP_ALIVE_MS = 60_000;

let stats: ReceiverStats = { received: 0, firstAt: 0, lastAt: 0, latenciesMs: [], retryGapsMs: [] };
let failedAt = new Map<string, number>();
let skipped = 0;

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function note(at: number): void {
  stats.received += 1;
  stats.lastAt = at;
  if (stats.received === skipped + 1) stats.firstAt = at;
}

/** @returns the status to answer with */
function judge(path: string, request: IncomingMessage, body: string, at: number): number {
  if (path === '/ok') note(at);
  if (path === '/timed') {
    note(at);
    stats.latenciesMs.push(at - Date.parse((JSON.parse(body) as { sent_at: string }).sent_at));
  }
  if (path === '/fail') return 500;
  if (path !== '/fail-once') return 200;
  const delivery = String(request.headers['x-posthorn-delivery']);
  const before = failedAt.get(delivery);
  if (before === undefined) {
    failedAt.set(delivery, at);
    return 500;
  }
  note(at);
  stats.retryGapsMs.push(at - before);
  return 200;
}

const server = createServer((request, response) => {
  const path = request.url?.split('?')[0] ?? '';
  if (path === '/hang') return void request.resume();
  void read(request).then((body) => response.writeHead(judge(path, request, body, Date.now())).end());
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', (message: ReceiverQuestion) => {
  if (message.kind === 'reset') {
    skipped = message.skip;
    stats = { received: 0, firstAt: 0, lastAt: 0, latenciesMs: [], retryGapsMs: [] };
    failedAt = new Map();
  }
  process.send?.({ stats });
});
process.on('disconnect', () => process.exit(0));
