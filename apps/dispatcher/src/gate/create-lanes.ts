import { nextSlot } from '@posthorn/domain/endpoint/next-slot';
import { FIRST_WINDOW_REQUESTS, nextWindow } from '@posthorn/domain/endpoint/next-window';
import type { Dispatchers, EndpointOf } from './endpoint-gate.ts';

/** Deliveries of one endpoint that wait in memory at the most; further ones are parked in PostgreSQL. */
const MAX_HELD_PER_ENDPOINT = 512;
/** Of an endpoint that hangs or refuses, only this many times its window. */
const HELD_PER_WINDOW = 4;
/** Endpoints remembered at the most although they are idle, for the sake of their window and rate. */
const MAX_REMEMBERED = 50_000;

/** An endpoint at the gate: what waits for it, what is under way, and what its window and its rate are. */
export interface Lane extends EndpointOf {
  /** Turns that were taken, of deliveries that are being claimed, wait for their start, or are in flight. */
  turns: number;
  /** The same, and of deliveries whose answer is being recorded. */
  held: number;
  inFlight: number;
  window: number;
  /** It took the latest delivery, and at once: more are claimed ahead. */
  quick: boolean;
  /** Wait for a turn. */
  waiting: (() => void)[];
  /** Have a turn, and wait for their start; told whether they may. */
  starting: ((mayStart: boolean) => void)[];
  /** Rows wait in PostgreSQL too. */
  parked: boolean;
  /** Turns that jobs had since rows had one. */
  jobTurns: number;
  /** Requests per second over all dispatchers; null means no limit, undefined that no claim has told it yet. */
  rate: number | null | undefined;
  /** Turns that were taken under another rate: so many go back, and come again when this one lets them. */
  goBack: number;
  /** But for the first, which told it. */
  tellsRate: boolean;
  /** When the next request may start under the rate, ms on the gate's clock. */
  nextStartMs: number;
  /** What was claimed under an older lease is not sent. */
  recalledTo: string;
  /** It waits for its turn, or for the moment when its rate lets it. */
  ready: boolean;
}

export interface LaneOptions {
  /** Requests in flight to one endpoint, over all dispatchers (`ENDPOINT_CONCURRENCY`). */
  readonly endpointConcurrency: number;
  /** A monotonic clock, ms. */
  readonly now: () => number;
}

/** What each endpoint by itself would let go: its window and its rate, of which this dispatcher has a share. */
export interface Lanes {
  /** The endpoint's lane; one that was not known has its first window. */
  open(endpoint: EndpointOf): Lane;
  find(endpointId: string): Lane | undefined;
  all(): Iterable<Lane>;
  /** Something of it waits, here or in PostgreSQL. */
  wants(lane: Lane): boolean;
  /** Turns that there is room for. */
  room(lane: Lane): number;
  /** How long until its rate lets the next request start, ms; not above 0: now. */
  waitMs(lane: Lane): number;
  /** Requests that it alone would let start now. */
  startable(lane: Lane): number;
  /** Whether it may hold one more in memory. */
  mayHold(lane: Lane): boolean;
  /** A turn was taken. */
  noteTurn(lane: Lane): void;
  /** A turn was given back without a request. */
  noteLeft(lane: Lane): void;
  /** Whether a request of those that have a turn may begin. */
  mayStart(lane: Lane): boolean;
  noteStart(lane: Lane): void;
  /** One that had a turn got no start in time: the endpoint is not quick any more. */
  noteWaitedInVain(lane: Lane): void;
  /** A request ended, and its turn; see {@link EndpointGate.answered}. */
  noteEnd(lane: Lane, healthy: boolean | null, quick: boolean): void;
  /** What came of a request is recorded. */
  noteRecorded(lane: Lane): void;
  setRate(lane: Lane, perSecond: number | null): void;
  setDispatchers(others: Dispatchers): void;
  /** Forgets it if nothing of it is left and too many are remembered. */
  forgetIdle(lane: Lane): void;
}

export function createLanes({ endpointConcurrency, now }: LaneOptions): Lanes {
  const lanes = new Map<string, Lane>();
  let dispatchers: Dispatchers = { alive: 1, place: 0, aheadMs: 0 };

  const limit = (): number => Math.max(1, Math.floor(endpointConcurrency / dispatchers.alive));
  /** Until the first claim has told the endpoint's rate, one request at a time: a burst could break it. */
  const cap = (lane: Lane): number => (lane.rate === undefined ? 1 : Math.min(lane.window, limit()));
  const wants = (lane: Lane): boolean => lane.waiting.length > 0 || lane.parked;
  // Twice its window, and not counting what is recorded, only where that cannot harm: whoever refuses, however quickly, would
  // take the slots of the others with it.
  const room = (lane: Lane): number =>
    lane.quick && lane.rate === null ? 2 * cap(lane) - lane.turns : cap(lane) - lane.held;
  const waitMs = (lane: Lane): number => (lane.rate ? lane.nextStartMs - now() : 0);

  /** When a request may follow one that starts at `at`, both on the gate's clock. */
  const startAfter = (at: number, perSecond: number): number => {
    const { alive, place, aheadMs } = dispatchers;
    return nextSlot(at + aheadMs, { perSecond, dispatchers: alive, place }) - aheadMs;
  };

  return {
    open(endpoint) {
      const known = lanes.get(endpoint.endpointId);
      if (known) return known;
      const lane: Lane = {
        endpointId: endpoint.endpointId,
        tenantId: endpoint.tenantId,
        turns: 0,
        held: 0,
        inFlight: 0,
        window: Math.min(FIRST_WINDOW_REQUESTS, limit()),
        quick: false,
        waiting: [],
        starting: [],
        parked: false,
        jobTurns: 0,
        rate: undefined,
        goBack: 0,
        tellsRate: false,
        nextStartMs: 0,
        recalledTo: '',
        ready: false,
      };
      lanes.set(endpoint.endpointId, lane);
      return lane;
    },
    find: (endpointId) => lanes.get(endpointId),
    all: () => lanes.values(),
    wants,
    room,
    waitMs,
    startable(lane) {
      if (!wants(lane) || waitMs(lane) > 0) return 0;
      const free = cap(lane) - lane.held;
      const most = Math.max(0, lane.rate ? Math.min(1, free) : free);
      return lane.parked ? most : Math.min(most, lane.waiting.length);
    },
    mayHold(lane) {
      const most = lane.window < FIRST_WINDOW_REQUESTS ? lane.window * HELD_PER_WINDOW : MAX_HELD_PER_ENDPOINT;
      return lane.waiting.length < most;
    },
    noteTurn(lane) {
      lane.turns += 1;
      lane.held += 1;
      if (lane.rate) lane.nextStartMs = startAfter(Math.max(lane.nextStartMs, now()), lane.rate);
    },
    noteLeft(lane) {
      lane.turns -= 1;
      lane.held -= 1;
      lane.goBack = Math.max(0, lane.goBack - 1);
    },
    noteRecorded(lane) {
      lane.held -= 1;
    },
    mayStart: (lane) => lane.inFlight < cap(lane),
    noteStart(lane) {
      lane.inFlight += 1;
    },
    noteWaitedInVain(lane) {
      lane.quick = false;
    },
    noteEnd(lane, healthy, quick) {
      lane.turns -= 1;
      lane.inFlight -= 1;
      if (healthy === null) return;
      lane.window = nextWindow(lane.window, healthy, limit());
      lane.quick = quick;
    },
    setRate(lane, perSecond) {
      lane.goBack = perSecond ? Math.max(0, lane.turns - lane.inFlight - 1) : 0;
      lane.tellsRate = true;
      // The request that told the rate is under way: the next one keeps its distance from it.
      lane.rate = perSecond;
      if (perSecond) lane.nextStartMs = Math.max(lane.nextStartMs, startAfter(now(), perSecond));
    },
    setDispatchers(others) {
      dispatchers = others;
    },
    forgetIdle(lane) {
      if (lane.held > 0 || wants(lane)) return;
      if (lanes.size > MAX_REMEMBERED) lanes.delete(lane.endpointId);
    },
  };
}
