import type { Scope } from '@posthorn/domain/scopes';
import type { Response } from 'express';

/** The console's session that a request came with. */
export interface CallerSession {
  readonly id: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}

/** Who sends a request. `session`: `null` where the key itself was sent. */
export type Caller =
  | { readonly kind: 'operator'; readonly keyId: 'operator'; readonly session: CallerSession | null }
  | {
      readonly kind: 'tenant';
      /** UUID of the key. */
      readonly keyId: string;
      readonly tenantId: string;
      readonly profile: string;
      readonly profileId: string | null;
      /** Whether its events are counted against a quota. */
      readonly limited: boolean;
      readonly scopes: readonly Scope[];
      readonly session: CallerSession | null;
      /** Not looked up for this request: whoever acts on it confirms it in the same statement. */
      readonly remembered: boolean;
    };

/** What a request stored, for its log line. */
export interface AcceptedNote {
  /** Public ids. */
  readonly events: readonly string[];
  /** How many deliveries they were fanned out to. */
  readonly deliveries: number;
}

/** What is known of a request while it is answered; the log line is made from it. */
export interface RequestContext {
  /** Names this request in its answer and in the log. */
  readonly ref: string;
  /** `process.hrtime` at its arrival, in ns. */
  readonly startedAt: bigint;
  /** The pattern of the matched route; request paths would make endless labels. */
  route: string;
  caller: Caller | null;
  /** UUID of the tenant that the request works on. */
  tenantId: string | null;
  /** The code of the refusal, where it was refused. */
  code: string | null;
  accepted: AcceptedNote | null;
}

/** The context that {@link openRequest} put beside the response. */
export const contextOf = (response: Response): RequestContext => response.locals['context'] as RequestContext;

const NS_PER_MS = 1e6;

/** How long ago the request arrived, in ms. */
export const ageMs = ({ startedAt }: RequestContext): number => Number(process.hrtime.bigint() - startedAt) / NS_PER_MS;

/** Gives a request its context, and its id to the answer. An id from outside is not taken over. */
export function openRequest(response: Response, ref: string): RequestContext {
  const context: RequestContext = {
    ref,
    startedAt: process.hrtime.bigint(),
    route: 'unmatched',
    caller: null,
    tenantId: null,
    code: null,
    accepted: null,
  };
  response.locals['context'] = context;
  response.setHeader('X-Request-Id', ref);
  return context;
}
