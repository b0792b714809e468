import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SendResult, SendStage } from '@posthorn/domain/delivery/classify-result';
import type { Request as GotStream, RequestError } from 'got';
import { BlockedError } from './blocked-error.ts';
import { describeBodyFault, describeNetworkError } from './describe-network-error.ts';

/** Bytes of a response body that are kept; reading stops there. */
const MAX_RESPONSE_BODY_BYTES = 16_384;
/** Interim (1xx) answers that a receiver may send before its own; a real one sends one or two. */
const MAX_INTERIM_ANSWERS = 32;

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

/** How far a request has got. Of one that waits for a connection nothing is known but that. */
function stageOf({ socket }: GotStream): SendStage {
  if (!socket || socket.connecting) return 'connecting';
  const isShakingHands = 'secureConnecting' in socket && socket.secureConnecting === true;
  return isShakingHands ? 'handshake' : 'sent';
}

function failureOf(error: RequestError, response: IncomingMessage | null): SendResult {
  const status = response?.statusCode ?? null;
  const cause = causeOf(error);
  if (response && status !== null) {
    return { kind: 'answered', status, bodyFault: describeBodyFault(error.code, response.complete) };
  }
  if (cause instanceof BlockedError) return { kind: 'blocked', reason: cause.message };
  return { kind: 'network', reason: describeNetworkError(error.code) };
}

const isRefusedWrite = (error: RequestError, { reusedSocket }: GotStream): boolean =>
  reusedSocket === true && (causeOf(error) as NodeJS.ErrnoException).syscall === 'write';

/** Reads what came of a request: status line, headers, and the body up to its limit. It always ends. */
export function readExchange(stream: GotStream, { leftMs, timeoutMs }: Deadline): Promise<ReadExchange> {
  return new Promise((resolve) => {
    let response: IncomingMessage | null = null;
    let neverLeft = false;
    let over = false;
    const chunks: Buffer[] = [];
    let bytes = 0;
    let interim = 0;
    const finish = (result: SendResult): void => {
      if (over) return;
      over = true;
      clearTimeout(deadline);
      const responseBody = response && Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BODY_BYTES);
      resolve({ result, responseHeaders: response?.headers ?? null, responseBody, neverLeft });
    };
    const end = (result: SendResult): void => {
      finish(result);
      stream.destroy();
    };
    const answered = (): SendResult => ({ kind: 'answered', status: response?.statusCode ?? 0, bodyFault: null });
    const giveUp = (): void => {
      end({ kind: 'deadline', timeoutMs, status: response?.statusCode ?? null, stage: stageOf(stream) });
    };
    // An answer that came in time is read first, where a busy process comes to both late.
    const deadline = setTimeout(setImmediate, leftMs, giveUp);
    stream.on('information', () => {
      interim += 1;
      if (interim <= MAX_INTERIM_ANSWERS) return;
      end({ kind: 'network', reason: `The receiver sent more than ${MAX_INTERIM_ANSWERS} interim (1xx) answers` });
    });
    // Without a listener, Node drops the connection of a 101 and nobody hears of it.
    stream.once('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
      response = incoming;
      socket.destroy();
      end(answered());
    });
    stream.on('response', (incoming: IncomingMessage) => {
      response = incoming;
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_RESPONSE_BODY_BYTES) end(answered());
    });
    stream.once('end', () => finish(answered()));
    stream.on('error', (error: RequestError) => {
      neverLeft = response === null && isRefusedWrite(error, stream);
      finish(failureOf(error, response));
    });
    stream.once('close', () => {
      const status = response?.statusCode;
      if (status === undefined) finish({ kind: 'network', reason: describeNetworkError('ECONNRESET') });
      else finish({ kind: 'answered', status, bodyFault: describeBodyFault('ECONNRESET', false) });
    });
  });
}
