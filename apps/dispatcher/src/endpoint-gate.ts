import { nextSlot } from '@posthorn/domain/endpoint/next-slot';
import { FIRST_WINDOW_REQUESTS, nextWindow } from '@posthorn/domain/endpoint/next-window';
import { createTenantShares } from './tenant-shares.ts';
import { createTurns } from './tenant-turns.ts';

/** Deliveries of one endpoint that wait in memory at the most; further ones are parked in PostgreSQL. */
const MAX_HELD_PER_ENDPOINT = 512;
/** Of an endpoint that hangs or refuses, only this many times its window. */
const HELD_PER_WINDOW = 4;
/** Of an endpoint's turns, while jobs wait here and rows in PostgreSQL, so many go to jobs before one goes to a row. */
const JOBS_PER_ROW = 4;
/** Endpoints remembered at the most although they are idle, for the sake of their window and rate. */
const MAX_REMEMBERED = 50_000;

/** An endpoint, and whose it is. */
export interface EndpointOf {
  readonly endpointId: string;
  readonly tenantId: string;
}

interface Lane extends EndpointOf {
  inFlight: number;
  window: number;
  waiting: (() => void)[];
  /** Rows wait in PostgreSQL too. */
  parked: boolean;
  /** Turns that jobs had since rows had one. */
  jobTurns: number;
  /** Requests per second over all dispatchers; null means no limit, undefined that no claim has told it yet. */
  rate: number | null | undefined;
  /** When the next request may start under the rate, ms on the gate's clock. */
  nextStartMs: number;
  ready: boolean;
}

/** The dispatchers that share the endpoints' limits. */
export interface Dispatchers {
  readonly alive: number;
  /** This one's place among them, from 0. */
  readonly place: number;
  /** The shared clock less the gate's, ms. */
  readonly aheadMs: number;
}

export interface EndpointGateOptions {
  /** Requests in flight over all endpoints (`DISPATCHER_CONCURRENCY`). */
  readonly concurrency: number;
  /** Requests in flight to one endpoint, over all dispatchers (`ENDPOINT_CONCURRENCY`). */
  readonly endpointConcurrency: number;
  /** Deliveries that wait in memory at the most, over all endpoints. */
  readonly maxHeld: number;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  /** Called when an endpoint with parked rows has room for some; `room` requests at the most. */
  readonly onRoom: (endpoint: EndpointOf, room: number) => void;
}

/**
 * Decides which delivery may go now, so that no endpoint can take the slots of the others: a window per endpoint that
 * shrinks while it hangs, this dispatcher's share of its limits, a share of the slots per tenant, and turns between the
 * tenants that wait and between the endpoints of each.
 */
export interface EndpointGate {
  /** Waits for a turn. `park`: too many wait already, let the row wait in PostgreSQL. `closed`: stopping. */
  enter(endpoint: EndpointOf): Promise<'entered' | 'park' | 'closed'>;
  /** Takes a turn at once if there is one. */
  tryEnter(endpoint: EndpointOf): boolean;
  /** Whether somebody waits for a turn of this endpoint. */
  hasWaiting(endpointId: string): boolean;
  /** Gives the turn back; `healthy: null` says nothing of the endpoint. */
  leave(endpointId: string, healthy: boolean | null): void;
  /** Who shares the endpoints' limits, and how far the clock that all share is ahead of the gate's, in ms. */
  setDispatchers(others: Dispatchers): void;
  /** The endpoint's own limit, requests per second over all dispatchers. */
  setRateLimit(endpointId: string, perSecond: number | null): void;
  /** Whether rows of this endpoint wait in PostgreSQL. */
  setParked(endpoint: EndpointOf, parked: boolean): void;
  /** Sends everything that waits back, and lets nothing in any more. */
  close(): void;
  inFlight(): number;
  held(): number;
  /** Requests that would be under way were there slots without end: those that are, and those whose endpoint has room. */
  wanted(): number;
}

export function createEndpointGate(options: EndpointGateOptions): EndpointGate {
  const lanes = new Map<string, Lane>();
  const ready = createTurns<Lane>();
  const slots = createTenantShares(options.concurrency);
  const places = createTenantShares(options.maxHeld);
  let dispatchers: Dispatchers = { alive: 1, place: 0, aheadMs: 0 };
  let closed = false;

  const share = (limit: number): number => Math.max(1, Math.floor(limit / dispatchers.alive));

  const laneOf = ({ endpointId, tenantId }: EndpointOf): Lane => {
    const known = lanes.get(endpointId);
    if (known) return known;
    const window = Math.min(FIRST_WINDOW_REQUESTS, share(options.endpointConcurrency));
    const lane: Lane = {
      endpointId,
      tenantId,
      inFlight: 0,
      window,
      waiting: [],
      parked: false,
      jobTurns: 0,
      rate: undefined,
      nextStartMs: 0,
      ready: false,
    };
    lanes.set(endpointId, lane);
    slots.meet(tenantId);
    places.meet(tenantId);
    return lane;
  };

  const forgetIdle = (lane: Lane): void => {
    if (lane.inFlight > 0 || lane.waiting.length > 0 || lane.parked) return;
    if (lanes.size > MAX_REMEMBERED) lanes.delete(lane.endpointId);
  };

  /** Until the first claim has told the endpoint's rate, one request at a time: a burst could break it. */
  const cap = (lane: Lane): number =>
    lane.rate === undefined ? 1 : Math.min(lane.window, share(options.endpointConcurrency));
  const wants = (lane: Lane): boolean => lane.waiting.length > 0 || lane.parked;

  /** Requests that the endpoint alone would let start now. */
  const startable = (lane: Lane): number => {
    if (!wants(lane) || (lane.rate && lane.nextStartMs > options.now())) return 0;
    const room = Math.max(0, lane.rate ? Math.min(1, cap(lane) - lane.inFlight) : cap(lane) - lane.inFlight);
    return lane.parked ? room : Math.min(room, lane.waiting.length);
  };

  /** When a request may follow one that starts at `at`, both on the gate's clock. */
  const startAfter = (at: number, perSecond: number): number => {
    const { alive, place, aheadMs } = dispatchers;
    return nextSlot(at + aheadMs, { perSecond, dispatchers: alive, place }) - aheadMs;
  };

  const start = (lane: Lane): void => {
    lane.inFlight += 1;
    slots.take(lane.tenantId);
    if (lane.rate) {
      lane.nextStartMs = startAfter(Math.max(lane.nextStartMs, options.now()), lane.rate);
    }
  };

  const makeReady = (lane: Lane): void => {
    if (lane.ready || !wants(lane) || lane.inFlight >= cap(lane)) return;
    lane.ready = true;
    const waitMs = lane.rate ? lane.nextStartMs - options.now() : 0;
    if (waitMs <= 0) ready.add(lane);
    else setTimeout(() => (ready.add(lane), pump()), waitMs);
  };

  const serveParked = (lane: Lane, room: number): void => {
    lane.jobTurns = 0;
    // A timer may end a moment early, and nobody would come back for a turn that was not free yet.
    if (lane.rate && lane.nextStartMs > options.now()) return makeReady(lane);
    const jobsWait = lane.waiting.length > 0;
    options.onRoom(lane, lane.rate || jobsWait ? 1 : room);
    if (jobsWait) makeReady(lane);
  };

  const serve = (lane: Lane): void => {
    lane.ready = false;
    const room = Math.min(cap(lane) - lane.inFlight, slots.left(lane.tenantId));
    if (room <= 0) return;
    // What waits in PostgreSQL came first, as a rule, and must not wait for ever because jobs keep coming.
    const next = lane.parked && lane.jobTurns >= JOBS_PER_ROW ? undefined : lane.waiting.shift();
    if (next) {
      lane.jobTurns += 1;
      places.giveBack(lane.tenantId);
      start(lane);
      next();
      makeReady(lane);
    } else if (lane.parked) serveParked(lane, room);
  };

  const serveRound = (): boolean =>
    ready.serveRound(serve, (tenantId) => slots.taken() < options.concurrency && slots.mayTake(tenantId));

  const pump = (): void => {
    while (!closed && slots.taken() < options.concurrency && serveRound());
  };

  const tryEnter = (endpoint: EndpointOf): boolean => {
    const lane = laneOf(endpoint);
    const free = !closed && lane.inFlight < cap(lane) && slots.mayTake(lane.tenantId);
    if (!free || (lane.rate && lane.nextStartMs > options.now())) return false;
    start(lane);
    return true;
  };

  return {
    tryEnter,
    hasWaiting: (endpointId) => (lanes.get(endpointId)?.waiting.length ?? 0) > 0,
    async enter(endpoint) {
      if (closed) return 'closed';
      const lane = laneOf(endpoint);
      if (lane.waiting.length === 0 && tryEnter(endpoint)) return 'entered';
      const most = lane.window < FIRST_WINDOW_REQUESTS ? lane.window * HELD_PER_WINDOW : MAX_HELD_PER_ENDPOINT;
      if (lane.waiting.length >= most || !places.mayTake(lane.tenantId)) return 'park';
      places.take(lane.tenantId);
      await new Promise<void>((resolve) => {
        lane.waiting.push(resolve);
        makeReady(lane);
        pump();
      });
      return closed ? 'closed' : 'entered';
    },
    leave(endpointId, healthy) {
      const lane = lanes.get(endpointId);
      if (!lane) return;
      lane.inFlight -= 1;
      slots.giveBack(lane.tenantId);
      if (healthy !== null) lane.window = nextWindow(lane.window, healthy, share(options.endpointConcurrency));
      makeReady(lane);
      pump();
      forgetIdle(lane);
    },
    setDispatchers(others) {
      dispatchers = others;
      for (const lane of lanes.values()) makeReady(lane);
      pump();
    },
    setRateLimit(endpointId, perSecond) {
      const lane = lanes.get(endpointId);
      if (!lane || lane.rate === perSecond) return;
      // The request that told the rate is under way: the next one keeps its distance from it.
      lane.rate = perSecond;
      if (perSecond) lane.nextStartMs = Math.max(lane.nextStartMs, startAfter(options.now(), perSecond));
      makeReady(lane);
      pump();
    },
    setParked(endpoint, parked) {
      const lane = laneOf(endpoint);
      lane.parked = parked;
      makeReady(lane);
      pump();
      forgetIdle(lane);
    },
    close() {
      closed = true;
      for (const lane of lanes.values()) {
        for (const resolve of lane.waiting.splice(0)) {
          places.giveBack(lane.tenantId);
          resolve();
        }
      }
    },
    inFlight: () => slots.taken(),
    held: () => places.taken(),
    wanted: () => [...lanes.values()].reduce((sum, lane) => sum + startable(lane), slots.taken()),
  };
}
