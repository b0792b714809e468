import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SendResult } from '@posthorn/domain/delivery/classify-result';
import { type Request as GotStream, type RequestError, TimeoutError } from 'got';
import { BlockedError } from './blocked-error.ts';
import { describeNetworkError } from './describe-network-error.ts';

/** Bytes of a response body that are kept; reading stops there. */
export const MAX_RESPONSE_BODY_BYTES = 16_384;
/** got's deadline has passed by this much, and the exchange is still not over. */
const WATCHDOG_MS = 1_000;

/** One exchange, as it went. */
export interface Exchange {
  readonly result: SendResult;
  readonly durationMs: number;
  readonly responseHeaders: IncomingMessage['headers'] | null;
  readonly responseBody: Buffer | null;
}

const causeOf = (error: RequestError): unknown => error.cause ?? error;

function failureOf(error: RequestError, timeoutMs: number, status: number | null): SendResult {
  if (error instanceof TimeoutError) return { kind: 'deadline', timeoutMs, status };
  const cause = causeOf(error);
  if (status !== null) return { kind: 'answered', status, bodyFault: describeNetworkError(error.code) };
  if (cause instanceof BlockedError) return { kind: 'blocked', reason: cause.message };
  return { kind: 'network', reason: describeNetworkError(error.code) };
}

/** Reads what came of a request: status line, headers, and the body up to its limit. It always ends. */
export function readExchange(stream: GotStream, timeoutMs: number): Promise<Omit<Exchange, 'durationMs'>> {
  return new Promise((resolve) => {
    let response: IncomingMessage | null = null;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const watchdog = setTimeout(() => {
      finish({ kind: 'deadline', timeoutMs, status: response?.statusCode ?? null });
      stream.destroy();
    }, timeoutMs + WATCHDOG_MS);
    const finish = (result: SendResult): void => {
      clearTimeout(watchdog);
      const responseBody = response && Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BODY_BYTES);
      resolve({ result, responseHeaders: response?.headers ?? null, responseBody });
    };
    const answered = (): SendResult => ({ kind: 'answered', status: response?.statusCode ?? 0, bodyFault: null });
    stream.on('request', (sent: ClientRequest) => {
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
    stream.on('error', (error: RequestError) => finish(failureOf(error, timeoutMs, response?.statusCode ?? null)));
    stream.once('close', () => {
      const reason = describeNetworkError('ECONNRESET');
      const status = response?.statusCode;
      finish(status === undefined ? { kind: 'network', reason } : { kind: 'answered', status, bodyFault: reason });
    });
  });
}
