import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem, ProblemCode } from '@posthorn/http-api/problem';
import type { Logger } from '@posthorn/runtime/create-logger';
import { newId } from '@posthorn/runtime/new-id';
import { errorCatalog } from './error-catalog.ts';

/** What Node's parser refuses, by the code of its error; everything else is malformed. */
const refusals: Readonly<Record<string, { status: number; code: ProblemCode; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'invalid', detail: 'The request’s headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'payload_too_large',
    detail: 'The chunk extensions are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'invalid', detail: 'The request did not arrive in time.' },
};
const MALFORMED = { status: 400, code: 'invalid', detail: 'This is not a valid HTTP request.' } as const;

function problemText(
  ref: string,
  { status, code, detail }: { status: number; code: ProblemCode; detail: string },
): string {
  const { title } = errorCatalog[code];
  const body = JSON.stringify({ type: `/docs/errors#${code}`, title, status, detail, code, ref } satisfies Problem);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${ref}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** A server whose every answer is the API's, also where no route is reached because the request cannot be read. */
export function createApiServer(app: RequestListener, log: Logger): Server {
  // Without its Host header a request is refused by the app, in the API's form (RFC 9112, 3.2).
  const server = createServer({ requireHostHeader: false }, app);
  // Whatever a client expects besides 100-continue is not refused: the answer tells it what came of its request.
  server.on('checkExpectation', app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const ref = newId();
    const refusal = refusals[error.code ?? ''] ?? MALFORMED;
    log.info('request refused unread', { ref, status: refusal.status, reason: error.code });
    socket.end(problemText(ref, refusal));
  });
  return server;
}
