import type { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type Request as GotStream, got } from 'got';
import { createGuardedAgents } from './create-guarded-agents.ts';
import { createIdentityAgents, type TlsIdentity } from './create-identity-agents.ts';
import { type Exchange, readExchange } from './read-exchange.ts';

/** Bytes of response headers, trailers included, that the parser takes. */
const MAX_RESPONSE_HEADER_BYTES = 16_384;

/** One request, complete. */
export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Over DNS, connect, TLS, headers and body, in ms. */
  readonly timeoutMs: number;
  /** `null`: the system's authorities decide, and no client certificate is shown. */
  readonly tls: TlsIdentity | null;
}

/** Sends one request and never throws. */
export type Sender = (request: OutgoingRequest) => Promise<Exchange>;

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
  const agents = createGuardedAgents(allowed);
  const client = got.extend({
    method: 'POST',
    agent: agents,
    retry: { limit: 0 },
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    https: { minVersion: 'TLSv1.2' },
    maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
  });
  const agentFor = createIdentityAgents((secureContext) => createGuardedAgents(allowed, secureContext).https);
  return async ({ url, headers, body, timeoutMs, tls }) => {
    const startedAt = performance.now();
    const own = tls && agentFor(tls);
    if (own?.kind === 'unusable') {
      return {
        result: { kind: 'network', reason: own.reason },
        durationMs: 0,
        responseHeaders: null,
        responseBody: null,
      };
    }
    const agent = own ? { ...agents, https: own.agent } : agents;
    const stream = client.stream.post(url, { headers, body, timeout: { request: timeoutMs }, agent });
    underWay.add(stream);
    const exchange = await readExchange(stream, timeoutMs);
    underWay.delete(stream);
    return { ...exchange, durationMs: Math.round(performance.now() - startedAt) };
  };
}
