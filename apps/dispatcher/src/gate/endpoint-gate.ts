/** An endpoint, and whose it is. */
export interface EndpointOf {
  readonly endpointId: string;
  readonly tenantId: string;
}

/** The dispatchers that share the endpoints' limits. */
export interface Dispatchers {
  readonly alive: number;
  /** This one's place among them, from 0. */
  readonly place: number;
  /** The shared clock less the gate's, ms. */
  readonly aheadMs: number;
}

/**
 * Decides which delivery may go now, so that no endpoint can take the slots of the others: a window per endpoint that
 * shrinks while it hangs, this dispatcher's share of its limits, a share of the slots per tenant and of those per endpoint of it,
 * and turns between the tenants that wait and between the endpoints of each.
 */
export interface EndpointGate {
  /** Waits for a turn. `park`: too many wait already, let the row wait in PostgreSQL. `closed`: stopping. */
  enter(endpoint: EndpointOf): Promise<'entered' | 'park' | 'closed'>;
  /** Takes a turn at once if there is one. */
  tryEnter(endpoint: EndpointOf): boolean;
  /** Whether somebody waits for a turn of this endpoint. */
  hasWaiting(endpointId: string): boolean;
  /**
   * Waits until the request of a turn may begin: of an endpoint that takes deliveries quickly more turns are given than requests may
   * be in flight, so that its next deliveries are claimed while others are sent.
   *
   * @param token of the delivery's lease: tokens sort by when their claims began
   * @returns false: others took too long, the delivery was recalled, the rate was set meanwhile, or the gate is closed; the turn is
   *   to be left
   */
  start(endpointId: string, token: string): boolean | Promise<boolean>;
  /**
   * Gives the turn of a request that began back, and not yet its slot.
   *
   * @param healthy null says nothing of the endpoint
   * @param quick it took the delivery, and at once
   */
  answered(endpointId: string, healthy: boolean | null, quick: boolean): void;
  /** Gives the slot back of a turn that was answered. */
  recorded(endpoint: EndpointOf): void;
  /** Gives turn and slot back where no request began. */
  leave(endpoint: EndpointOf): void;
  /** Who shares the endpoints' limits, and how far the clock that all share is ahead of the gate's, in ms. */
  setDispatchers(others: Dispatchers): void;
  /**
   * The endpoint's own limit, requests per second over all dispatchers. Told by a claim whose start is asked for next; of turns
   * that were taken before, under another one, no other begins.
   */
  setRateLimit(endpointId: string, perSecond: number | null): void;
  /** The endpoint is not what it was: of deliveries whose lease is older than `token` no request begins any more. */
  recall(endpointId: string, token: string): void;
  /** These have deliveries: told of all before one is fed, or the first tenant would pass for the only one. */
  meet(endpoints: readonly EndpointOf[]): void;
  /** Whether rows of this endpoint wait in PostgreSQL. */
  setParked(endpoint: EndpointOf, parked: boolean): void;
  /** Sends everything that waits back, and lets nothing in any more. */
  close(): void;
  inFlight(): number;
  held(): number;
  /** Requests that would be under way were there slots without end: those that are, and those whose endpoint has room. */
  wanted(): number;
}
