import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem, ProblemCode } from '@posthorn/http-api/problem';
import type { Logger } from '@posthorn/runtime/create-logger';
import { newId } from '@posthorn/runtime/new-id';
import type { ExchangeClasses } from './classes-for.ts';
import { errorCatalog } from './error-catalog.ts';
import { guardHeaders } from './guard-answer.ts';

/** What a slow or greedy client may hold. */
export interface ServerLimits {
  /** Until a request's head has arrived. */
  readonly headersTimeoutMs: number;
  /** Until a request has arrived with its body. */
  readonly requestTimeoutMs: number;
  /** How often the two are looked at: a request may take this much longer. */
  readonly checkEveryMs: number;
  /** How long a connection may be idle. */
  readonly keepAliveTimeoutMs: number;
  /** How long nothing may move on a connection whose request has not been answered to the end, as of a client that reads nothing. */
  readonly inactivityTimeoutMs: number;
  /** How long a client that was refused unread may take to read why and to close. */
  readonly lingerMs: number;
  /** Of a request's head. */
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
}

/** Node's limit on requests per connection is left off: it answers those behind it with a bare 503. */
export const serverLimits: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  // More than a request takes to arrive and to be answered, and several beats of a live stream: only who reads nothing is meant.
  inactivityTimeoutMs: 60_000,
  lingerMs: 1_000,
  maxHeaderBytes: 16_384,
  maxConnections: 10_000,
};

interface Refusal {
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
}

/** What Node's parser refuses, by the code of its error; everything else is malformed. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'invalid', detail: 'The request’s headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'payload_too_large',
    detail: 'The chunk extensions are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'invalid', detail: 'The request did not arrive in time.' },
};
const MALFORMED: Refusal = { status: 400, code: 'invalid', detail: 'This is not a valid HTTP request.' };
const NO_TUNNEL: Refusal = { status: 404, code: 'not_found', detail: 'This server opens no tunnels.' };

function problemText(ref: string, { status, code, detail }: Refusal): string {
  const { title } = errorCatalog[code];
  const body = JSON.stringify({ type: `/docs/errors#${code}`, title, status, detail, code, ref } satisfies Problem);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(guardHeaders).map(([name, value]) => `${name}: ${value}`),
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${ref}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Whether what cannot be read comes behind a request that is being answered: that answer must not be taken for its own. */
function isAnswering(socket: Duplex): boolean {
  // Node keeps the answer there, and looks at it for the same reason.
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null };
  return answer ? answer.headersSent || answer.req.complete : false;
}

/**
 * A server whose every answer is the API's, also where no route is reached because the request cannot be read.
 *
 * @param classes of what `app` is called with; default: Node's own
 */
export function createApiServer(
  app: RequestListener,
  log: Logger,
  limits: ServerLimits = serverLimits,
  classes: Partial<ExchangeClasses> = {},
): Server {
  const options = {
    ...classes,
    // Without its Host header a request is refused by the app, in the API's form (RFC 9112, 3.2).
    requireHostHeader: false,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
  };
  const server = createServer(options, app);
  server.maxConnections = limits.maxConnections;
  // While something waits to be sent, Node closes the second time that none of it went: within twice as long.
  server.timeout = limits.inactivityTimeoutMs;
  // Node drops what follows a request that asks for another protocol, so its connection must not serve a next one.
  server.prependListener('request', ({ headers }: IncomingMessage, response: ServerResponse) => {
    if (headers.upgrade !== undefined) response.shouldKeepAlive = false;
  });
  const refuse = (socket: Duplex, refusal: Refusal, reason: string | undefined): void => {
    const ref = newId();
    log.info('request refused unread', { ref, status: refusal.status, reason });
    socket.end(problemText(ref, refusal));
    // One that never closes its own side would count among the connections for ever.
    setTimeout(() => socket.destroy(), limits.lingerMs).unref();
  };
  // Whatever a client expects besides 100-continue is not refused: the answer tells it what came of its request.
  server.on('checkExpectation', app);
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    refuse(socket, NO_TUNNEL, 'CONNECT');
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) return void socket.destroy();
    refuse(socket, refusals[error.code ?? ''] ?? MALFORMED, error.code);
  });
  return server;
}
