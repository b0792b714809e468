import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { GeneratedRequest } from './generate-requests.ts';

/** An answer as it came. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly durationMs: number;
}

export interface Client {
  send(request: GeneratedRequest): Promise<ReceivedAnswer>;
  close(): void;
}

/** Connections at once. */
const MAX_SOCKETS = 16;

/** A client that sends what others refuse to, over connections that it keeps. @param limitMs rejects when no answer has come by then */
export function openClient(url: string, limitMs: number): Client {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const send = ({ method, path, headers, body }: GeneratedRequest): Promise<ReceivedAnswer> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      // Said in any case: by itself, Node announces no length with GET and DELETE.
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = { agent, hostname, port, method, path, headers: { ...headers, ...length } };
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.once('close', () => clearTimeout(late));
        response.on('data', (chunk: Buffer) => void chunks.push(chunk)).on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
            durationMs: performance.now() - started,
          }),
        );
      });
      const late = setTimeout(() => sent.destroy(new Error(`No answer within ${limitMs} ms`)), limitMs);
      sent.once('error', () => clearTimeout(late)).on('error', reject);
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
}
