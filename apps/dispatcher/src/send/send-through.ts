import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { type Request as GotStream, got } from 'got';
import type { IdentityAgent, TlsIdentity } from './create-identity-agents.ts';
import { makeRequest, tellNodeLess } from './make-request.ts';
import type { OutgoingRequest, Sender } from './outgoing-request.ts';
import { type ReadExchange, readExchange } from './read-exchange.ts';

/** What connections are made with. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** How requests leave: most by the same agents, those to an endpoint with an identity of its own by theirs. */
export interface WayOut {
  readonly agents: Agents;
  readonly agentFor: (identity: TlsIdentity) => IdentityAgent;
}

export interface SendingParts {
  readonly kept: WayOut;
  /** Agents that never use a connection twice. */
  readonly fresh: WayOut;
  readonly interrupt: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** got copies its defaults for every request, so what nobody asks for is empty. The deadline is the reader's. */
const createClient = (agent: Agents) =>
  got.extend({
    method: 'POST',
    agent,
    retry: { limit: 0, methods: [], statusCodes: [], errorCodes: [] },
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    request: makeRequest,
  });

interface OpenWay extends Pick<WayOut, 'agentFor'> {
  readonly client: ReturnType<typeof createClient>;
}

const openWay = ({ agents, agentFor }: WayOut): OpenWay => ({ client: createClient(agents), agentFor });

const unsent = (reason: string): ReadExchange => ({
  result: { kind: 'network', reason },
  responseHeaders: null,
  responseBody: null,
  neverLeft: false,
});

/** Sends with got as a stream, reads up to a limit, and holds one deadline over all of it. */
export function sendThrough({ interrupt, now, ...ways }: SendingParts): Sender {
  const [kept, fresh] = [openWay(ways.kept), openWay(ways.fresh)];
  const underWay = new Set<GotStream>();
  // One listener for all: a listener for each request is the dearer part of got's own `signal`.
  interrupt.addEventListener('abort', () => {
    for (const stream of underWay) stream.destroy(new Error('The dispatcher was stopped'));
  });
  const post = async (way: OpenWay, request: OutgoingRequest, leftMs: number): Promise<ReadExchange> => {
    const { url, headers, body, tls } = request;
    const own = tls && way.agentFor(tls);
    if (own?.kind === 'unusable') return unsent(own.reason);
    const stream = way.client.stream.post(
      url,
      own ? { headers, body, agent: { https: own.agent } } : { headers, body },
    );
    tellNodeLess(stream);
    underWay.add(stream);
    const read = await readExchange(stream, { leftMs, timeoutMs: request.timeoutMs });
    underWay.delete(stream);
    return read;
  };
  return async (request) => {
    const startedAt = now();
    const elapsedMs = () => Math.round(now() - startedAt);
    let read = await post(kept, request, request.timeoutMs);
    const leftMs = request.timeoutMs - elapsedMs();
    if (read.neverLeft && leftMs > 0 && !interrupt.aborted) read = await post(fresh, request, leftMs);
    const { neverLeft: _, ...exchange } = read;
    return { ...exchange, durationMs: elapsedMs() };
  };
}
