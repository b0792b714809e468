import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SendResult, SendStage } from '@posthorn/domain/delivery/classify-result';
import type { Request as GotStream, RequestError } from 'got';
import { BlockedError } from './blocked-error.ts';
import { describeBodyFault, describeNetworkError } from './describe-network-error.ts';
import { isShakingHands, wasDear } from './watch-handshake.ts';

/** Bytes of a response body that are kept; reading stops there. */
const MAX_RESPONSE_BODY_BYTES = 16_384;
/** Pieces that a body may come in; chunks of a byte each would cost as much as 16 KiB each. Reading stops there too. */
const MAX_RESPONSE_BODY_PIECES = 256;
/** Interim (1xx) answers that a receiver may send before its own; a real one sends one or two. */
const MAX_INTERIM_ANSWERS = 4;

/** One exchange, as it went. */
export interface Exchange {
  readonly result: SendResult;
  readonly durationMs: number;
  readonly responseHeaders: IncomingMessage['headers'] | null;
  readonly responseBody: Buffer | null;
  /** Its certificates took long to verify, whether they were good or not. */
  readonly dearHandshake?: boolean;
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
  return isShakingHands(socket) ? 'handshake' : 'sent';
}

function failureOf(error: RequestError, response: IncomingMessage | null, stream: GotStream): SendResult {
  const status = response?.statusCode ?? null;
  const cause = causeOf(error);
  if (response && status !== null) {
    return { kind: 'answered', status, bodyFault: describeBodyFault(error.code, response.complete) };
  }
  if (cause instanceof BlockedError) return { kind: 'blocked', reason: cause.message };
  const reason = describeNetworkError(error.code);
  return stageOf(stream) === 'handshake'
    ? { kind: 'network', reason, stage: 'handshake' }
    : { kind: 'network', reason };
}

const isRefusedWrite = (error: RequestError, { reusedSocket }: GotStream): boolean =>
  reusedSocket === true && (causeOf(error) as NodeJS.ErrnoException).syscall === 'write';

/** Takes a body apart from what got makes of it, which may join pieces. @param stop told once, when there are too many */
function boundPieces(response: IncomingMessage, stop: () => void): void {
  const push = response.push.bind(response);
  let pieces = 0;
  response.push = (piece, encoding) => {
    pieces += 1;
    if (pieces <= MAX_RESPONSE_BODY_PIECES) return push(piece, encoding);
    // Nothing more of what was read from the network is parsed.
    response.socket.pause();
    if (pieces === MAX_RESPONSE_BODY_PIECES + 1) stop();
    return false;
  };
}

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
      const dearHandshake = !stream.reusedSocket && stream.socket !== undefined && wasDear(stream.socket);
      resolve({ result, responseHeaders: response?.headers ?? null, responseBody, neverLeft, dearHandshake });
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
      // What was read until then comes first.
      boundPieces(incoming, () => setImmediate(() => end(answered())));
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_RESPONSE_BODY_BYTES) end(answered());
    });
    stream.once('end', () => finish(answered()));
    stream.on('error', (error: RequestError) => {
      neverLeft = response === null && isRefusedWrite(error, stream);
      finish(failureOf(error, response, stream));
    });
    stream.once('close', () => {
      const status = response?.statusCode;
      if (status === undefined) finish({ kind: 'network', reason: describeNetworkError('ECONNRESET') });
      else finish({ kind: 'answered', status, bodyFault: describeBodyFault('ECONNRESET', false) });
    });
  });
}
