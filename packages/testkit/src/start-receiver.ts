import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it arrived. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** How a receiver answers: a status, or anything at all with the raw response and socket. */
export type Answer = number | ((response: ServerResponse, request: ReceivedRequest) => void);

/** A real HTTP server on loopback that keeps what it gets. */
export interface Receiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Requests under way right now, and the most there were at once. */
  readonly load: { now: number; most: number };
  /** Answers from now on: one for all, or one after the other with the last for the rest. */
  answer(...answers: [Answer, ...Answer[]]): void;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export async function startReceiver(...first: Answer[]): Promise<Receiver> {
  let answers: Answer[] = first.length > 0 ? first : [200];
  const requests: ReceivedRequest[] = [];
  const load = { now: 0, most: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => {
    const at = Date.now();
    load.now += 1;
    load.most = Math.max(load.most, load.now);
    response.on('close', () => (load.now -= 1));
    readBody(incoming).then(
      (body) => {
        const request = { path: incoming.url ?? '', headers: incoming.headers, body, at };
        requests.push(request);
        const answer = (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
        if (typeof answer === 'number') response.writeHead(answer).end();
        else answer(response, request);
      },
      () => undefined,
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    load,
    answer(...next) {
      answers = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
