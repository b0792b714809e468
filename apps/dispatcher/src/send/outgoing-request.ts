import type { TlsIdentity } from './create-identity-agents.ts';
import type { Exchange } from './read-exchange.ts';

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
