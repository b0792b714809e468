import { createHash } from 'node:crypto';
import type { Agent } from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import { tlsTerms } from './tls-terms.ts';

/** Identities whose agents are kept; of the one used longest ago idle connections are closed. */
const MAX_IDENTITIES = 512;

/** How TLS goes to one endpoint where it is not the usual way; texts are PEM. */
export interface TlsIdentity {
  /** Decides the agent with the rest: endpoints share no connection, be their certificates the same or not. */
  readonly endpointId: string;
  /** The only authorities that the receiver's certificate may come from; `null`: the system's. */
  readonly ca: string | null;
  readonly client: { readonly certificate: string; readonly key: string } | null;
}

/** The agent for an identity, or why there can be none. */
export type IdentityAgent =
  | { readonly kind: 'agent'; readonly agent: Agent }
  | { readonly kind: 'unusable'; readonly reason: string };

function nameOf({ endpointId, ca, client }: TlsIdentity): string {
  const parts = [endpointId, ca, client?.certificate ?? null, client?.key ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** Registration has tried the same; what it took may be refused by a newer OpenSSL. */
function openContext({ ca, client }: TlsIdentity): SecureContext | { readonly refused: string } {
  try {
    return createSecureContext({
      ...tlsTerms,
      // An authority that is not the root of its chain may be pinned too.
      ...(ca !== null && { ca, allowPartialTrustChain: true }),
      ...(client && { cert: client.certificate, key: client.key }),
    });
  } catch (error) {
    const { code } = error as { code?: unknown };
    const sentence = "TLS: the endpoint's own certificates cannot be used; register new ones";
    return { refused: typeof code === 'string' ? `${sentence} (${code})` : sentence };
  }
}

function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

/**
 * An agent for each identity, so that a connection kept alive for one is never used for another: within an agent Node.js
 * tells connections apart by host and port, and by some options of TLS, but not by their secure context.
 *
 * @param createAgent makes a guarded agent that connects with the context given
 * @param maxIdentities agents that are kept at the most
 */
export function createIdentityAgents(
  createAgent: (secureContext: SecureContext) => Agent,
  maxIdentities = MAX_IDENTITIES,
): (identity: TlsIdentity) => IdentityAgent {
  const agents = new Map<string, Agent>();
  const open = (identity: TlsIdentity): IdentityAgent => {
    const context = openContext(identity);
    return 'refused' in context
      ? { kind: 'unusable', reason: context.refused }
      : { kind: 'agent', agent: createAgent(context) };
  };
  return (identity) => {
    const name = nameOf(identity);
    const known = agents.get(name);
    const found: IdentityAgent = known ? { kind: 'agent', agent: known } : open(identity);
    if (found.kind === 'unusable') return found;
    // Put back at the end: the first one is the one used longest ago.
    agents.delete(name);
    agents.set(name, found.agent);
    const [oldest] = agents;
    if (agents.size > maxIdentities && oldest) {
      agents.delete(oldest[0]);
      closeIdle(oldest[1]);
    }
    return found;
  };
}
