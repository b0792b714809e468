import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { SendResult } from '@posthorn/domain/delivery/classify-result';
import { type Request as GotStream, got, type RequestError, TimeoutError } from 'got';
import { BlockedError } from './blocked-error.ts';
import { createGuardedAgents } from './create-guarded-agents.ts';
import { describeNetworkError } from './describe-network-error.ts';

/** Bytes of a response body that are kept; reading stops there. */
const MAX_RESPONSE_BODY_BYTES = 16_384;
/** Bytes of response headers, trailers included, that the parser takes. */
const MAX_RESPONSE_HEADER_BYTES = 16_384;

/** One request, complete. */
export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Over DNS, connect, TLS, headers and body, in ms. */
  readonly timeoutMs: number;
}

/** One exchange, as it went. */
export interface Exchange {
  readonly result: SendResult;
  readonly durationMs: number;
  readonly responseHeaders: IncomingMessage['headers'] | null;
  readonly responseBody: Buffer | null;
}

/** Sends one request and never throws. */
export type Sender = (request: OutgoingRequest) => Promise<Exchange>;

const causeOf = (error: RequestError): unknown => error.cause ?? error;

function failureOf(error: RequestError, timeoutMs: number, status: number | null): SendResult {
  if (error instanceof TimeoutError) return { kind: 'deadline', timeoutMs, status };
  const cause = causeOf(error);
  if (status !== null) return { kind: 'answered', status, bodyFault: describeNetworkError(error.code) };
  if (cause instanceof BlockedError) return { kind: 'blocked', reason: cause.message };
  return { kind: 'network', reason: describeNetworkError(error.code) };
}

/** Reads what came of a request: status line, headers, and the body up to its limit. */
function readExchange(stream: GotStream, timeoutMs: number): Promise<Omit<Exchange, 'durationMs'>> {
  return new Promise((resolve) => {
    let response: IncomingMessage | null = null;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (result: SendResult): void => {
      const responseBody = response && Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BODY_BYTES);
      resolve({ result, responseHeaders: response?.headers ?? null, responseBody });
    };
    const answered = (): SendResult => ({ kind: 'answered', status: response?.statusCode ?? 0, bodyFault: null });
    stream.on('response', (incoming: IncomingMessage) => {
      response = incoming;
    });
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= MAX_RESPONSE_BODY_BYTES) return;
      finish(answered());
      stream.destroy();
    });
    stream.once('end', () => finish(answered()));
    stream.on('error', (error: RequestError) => finish(failureOf(error, timeoutMs, response?.statusCode ?? null)));
  });
}

/**
 * A sender whose connections are all guarded.
 *
 * @param allowed networks that the operator opened
 * @param interrupt ends every request under way when it aborts, as a network failure
 */
export function createSender(allowed: BlockList, interrupt: AbortSignal): Sender {
  const underWay = new Set<GotStream>();
  // One listener for all: a listener for each request is the dearer part of got's own `signal`.
  interrupt.addEventListener('abort', () => {
    for (const stream of underWay) stream.destroy(new Error('The dispatcher was stopped'));
  });
  const client = got.extend({
    method: 'POST',
    agent: createGuardedAgents(allowed),
    retry: { limit: 0 },
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    https: { minVersion: 'TLSv1.2' },
    maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
  });
  return async ({ url, headers, body, timeoutMs }) => {
    const startedAt = performance.now();
    const stream = client.stream.post(url, { headers, body, timeout: { request: timeoutMs } });
    underWay.add(stream);
    const exchange = await readExchange(stream, timeoutMs);
    underWay.delete(stream);
    return { ...exchange, durationMs: Math.round(performance.now() - startedAt) };
  };
}
