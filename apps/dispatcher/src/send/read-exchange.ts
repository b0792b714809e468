import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SendResult, SendStage } from '@posthorn/domain/delivery/classify-result';
import { type Request as GotStream, type RequestError, TimeoutError } from 'got';
import { BlockedError } from './blocked-error.ts';
import { describeBodyFault, describeNetworkError } from './describe-network-error.ts';

/** Bytes of a response body that are kept; reading stops there. */
const MAX_RESPONSE_BODY_BYTES = 16_384;
/** Interim (1xx) answers that a receiver may send before its own; a real one sends one or two. */
const MAX_INTERIM_ANSWERS = 32;
/** got's deadline has passed by this much, and the exchange is still not over: it waits for a proxy. */
const WATCHDOG_MS = 100;

/** One exchange, as it went. */
export interface Exchange {
  readonly result: SendResult;
  readonly durationMs: number;
  readonly responseHeaders: IncomingMessage['headers'] | null;
  readonly responseBody: Buffer | null;
}

/** What was read of one request. */
export interface ReadExchange extends Omit<Exchange, 'durationMs'> {
  /**
   * A kept-alive connection had been reset and the system took no more bytes for it, so the receiver cannot have the whole
   * request. A connection that was closed later tells nothing of the kind.
   */
  readonly neverLeft: boolean;
}

/** How long the exchange may still take, and the deadline that a person is told of, in ms. */
interface Deadline {
  readonly leftMs: number;
  readonly timeoutMs: number;
}

const causeOf = (error: RequestError): unknown => error.cause ?? error;

/** Follows how far a request gets. Of one that waits for a connection nothing is known but that. */
function followStage(sent: ClientRequest, tell: (stage: SendStage) => void): void {
  sent.once('socket', (socket: Socket & { readonly secureConnecting?: boolean }) => {
    const connected = (): void => tell(socket.secureConnecting === true ? 'handshake' : 'sent');
    if (socket.connecting) socket.once('connect', connected);
    else connected();
    if (socket.secureConnecting === true) socket.once('secureConnect', () => tell('sent'));
  });
}

interface FailedExchange {
  readonly timeoutMs: number;
  readonly stage: SendStage;
  readonly response: IncomingMessage | null;
}

function failureOf(error: RequestError, { timeoutMs, stage, response }: FailedExchange): SendResult {
  const status = response?.statusCode ?? null;
  if (error instanceof TimeoutError) return { kind: 'deadline', timeoutMs, status, stage };
  const cause = causeOf(error);
  if (response && status !== null) {
    return { kind: 'answered', status, bodyFault: describeBodyFault(error.code, response.complete) };
  }
  if (cause instanceof BlockedError) return { kind: 'blocked', reason: cause.message };
  return { kind: 'network', reason: describeNetworkError(error.code) };
}

const isRefusedWrite = (error: RequestError, sent: ClientRequest | null): boolean =>
  sent?.reusedSocket === true && (causeOf(error) as NodeJS.ErrnoException).syscall === 'write';

/** Reads what came of a request: status line, headers, and the body up to its limit. It always ends. */
export function readExchange(stream: GotStream, { leftMs, timeoutMs }: Deadline): Promise<ReadExchange> {
  return new Promise((resolve) => {
    let request: ClientRequest | null = null;
    let response: IncomingMessage | null = null;
    let neverLeft = false;
    let stage: SendStage = 'connecting';
    const chunks: Buffer[] = [];
    let bytes = 0;
    let interim = 0;
    const watchdog = setTimeout(() => {
      finish({ kind: 'deadline', timeoutMs, status: response?.statusCode ?? null, stage });
      stream.destroy();
    }, leftMs + WATCHDOG_MS);
    const finish = (result: SendResult): void => {
      clearTimeout(watchdog);
      const responseBody = response && Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BODY_BYTES);
      resolve({ result, responseHeaders: response?.headers ?? null, responseBody, neverLeft });
    };
    const answered = (): SendResult => ({ kind: 'answered', status: response?.statusCode ?? 0, bodyFault: null });
    stream.on('request', (sent: ClientRequest) => {
      request = sent;
      followStage(sent, (reached) => {
        stage = reached;
      });
      sent.on('information', () => {
        interim += 1;
        if (interim <= MAX_INTERIM_ANSWERS) return;
        finish({ kind: 'network', reason: `The receiver sent more than ${MAX_INTERIM_ANSWERS} interim (1xx) answers` });
        stream.destroy();
      });
      // Without a listener, Node drops the connection of a 101 and nobody hears of it.
      sent.once('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
        response = incoming;
        socket.destroy();
        finish(answered());
        stream.destroy();
      });
    });
    stream.on('response', (incoming: IncomingMessage) => {
      response = incoming;
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < MAX_RESPONSE_BODY_BYTES) return;
      finish(answered());
      stream.destroy();
    });
    stream.once('end', () => finish(answered()));
    stream.on('error', (error: RequestError) => {
      neverLeft = response === null && isRefusedWrite(error, request);
      finish(failureOf(error, { timeoutMs, stage, response }));
    });
    stream.once('close', () => {
      const status = response?.statusCode;
      if (status === undefined) finish({ kind: 'network', reason: describeNetworkError('ECONNRESET') });
      else finish({ kind: 'answered', status, bodyFault: describeBodyFault('ECONNRESET', false) });
    });
  });
}
