import { createLanes, type Lane, type LaneOptions } from './create-lanes.ts';
import { createStarts } from './create-starts.ts';
import type { EndpointGate, EndpointOf } from './endpoint-gate.ts';
import { createEndpointShares } from './endpoint-shares.ts';
import { createTenantShares } from './tenant-shares.ts';
import { createTurns } from './tenant-turns.ts';

/** Of an endpoint's turns, while jobs wait here and rows in PostgreSQL, so many go to jobs before one goes to a row. */
const JOBS_PER_ROW = 4;

export interface EndpointGateOptions extends LaneOptions {
  /** Requests in flight over all endpoints (`DISPATCHER_CONCURRENCY`). */
  readonly concurrency: number;
  /** Deliveries that wait in memory at the most, over all endpoints. */
  readonly maxHeld: number;
  /** Called when an endpoint with parked rows has room for some; `room` requests at the most. */
  readonly onRoom: (endpoint: EndpointOf, room: number) => void;
}

export function createEndpointGate(options: EndpointGateOptions): EndpointGate {
  const lanes = createLanes(options);
  const starts = createStarts(lanes);
  const ready = createTurns<Lane>();
  const slots = createTenantShares(options.concurrency);
  const shares = createEndpointShares(slots);
  const places = createTenantShares(options.maxHeld);
  let closed = false;

  const meet = ({ tenantId }: EndpointOf): void => {
    slots.meet(tenantId);
    places.meet(tenantId);
  };

  const laneOf = (endpoint: EndpointOf): Lane => {
    meet(endpoint);
    return lanes.open(endpoint);
  };

  const noteShare = (lane: Lane): void => shares.note(lane, lane.held > 0 || lanes.wants(lane));

  const takeTurn = (lane: Lane): void => {
    slots.take(lane.tenantId);
    lanes.noteTurn(lane);
    noteShare(lane);
  };

  const makeReady = (lane: Lane): void => {
    if (lane.ready || !lanes.wants(lane) || lanes.room(lane) <= 0) return;
    lane.ready = true;
    const waitMs = lanes.waitMs(lane);
    if (waitMs <= 0) ready.add(lane);
    else setTimeout(() => (ready.add(lane), pump()), waitMs);
  };

  const serveParked = (lane: Lane, room: number): void => {
    lane.jobTurns = 0;
    // A timer may end a moment early, and nobody would come back for a turn that was not free yet.
    if (lanes.waitMs(lane) > 0) return makeReady(lane);
    const jobsWait = lane.waiting.length > 0;
    options.onRoom(lane, lane.rate || jobsWait ? 1 : room);
    if (jobsWait) makeReady(lane);
  };

  const serve = (lane: Lane): void => {
    lane.ready = false;
    const left = shares.left(lane);
    const room = Math.min(lanes.room(lane), left);
    if (left <= 0) shares.holdBack(lane);
    if (room <= 0) return;
    // What waits in PostgreSQL came first, as a rule, and must not wait for ever because jobs keep coming.
    const next = lane.parked && lane.jobTurns >= JOBS_PER_ROW ? undefined : lane.waiting.shift();
    if (next) {
      lane.jobTurns += 1;
      places.giveBack(lane.tenantId);
      takeTurn(lane);
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
    const free = !closed && lanes.room(lane) > 0 && shares.left(lane) > 0;
    if (!free || lanes.waitMs(lane) > 0) return false;
    takeTurn(lane);
    return true;
  };

  const goOn = (lane: Lane): void => {
    makeReady(lane);
    const next = shares.nextHeldBack(lane.tenantId);
    if (next) makeReady(next);
    pump();
    lanes.forgetIdle(lane);
  };

  const giveSlotBack = ({ endpointId, tenantId }: EndpointOf, note: (lane: Lane) => void): void => {
    slots.giveBack(tenantId);
    const lane = lanes.find(endpointId);
    if (!lane) return pump();
    note(lane);
    noteShare(lane);
    goOn(lane);
  };

  return {
    tryEnter,
    hasWaiting: (endpointId) => (lanes.find(endpointId)?.waiting.length ?? 0) > 0,
    async enter(endpoint) {
      if (closed) return 'closed';
      const lane = laneOf(endpoint);
      if (lane.waiting.length === 0 && tryEnter(endpoint)) return 'entered';
      if (!lanes.mayHold(lane) || !places.mayTake(lane.tenantId)) return 'park';
      places.take(lane.tenantId);
      await new Promise<void>((resolve) => {
        lane.waiting.push(resolve);
        noteShare(lane);
        makeReady(lane);
        pump();
      });
      return closed ? 'closed' : 'entered';
    },
    start(endpointId, token) {
      const lane = lanes.find(endpointId);
      if (lane === undefined || closed || token < lane.recalledTo) return false;
      const goesBack = lane.goBack > 0 && !lane.tellsRate;
      lane.tellsRate = false;
      return !goesBack && starts.start(lane);
    },
    answered(endpointId, healthy, quick) {
      const lane = lanes.find(endpointId);
      if (!lane) return;
      lanes.noteEnd(lane, healthy, quick);
      starts.goOn(lane);
      goOn(lane);
    },
    recorded: (endpoint) => giveSlotBack(endpoint, lanes.noteRecorded),
    leave: (endpoint) => giveSlotBack(endpoint, lanes.noteLeft),
    setDispatchers(others) {
      lanes.setDispatchers(others);
      for (const lane of lanes.all()) {
        starts.goOn(lane);
        makeReady(lane);
      }
      pump();
    },
    setRateLimit(endpointId, perSecond) {
      const lane = lanes.find(endpointId);
      if (!lane || lane.rate === perSecond) return;
      lanes.setRate(lane, perSecond);
      // Their turns were taken while there was no rate: they come again, spread.
      if (perSecond) starts.close(lane);
      starts.goOn(lane);
      makeReady(lane);
      pump();
    },
    recall(endpointId, token) {
      const lane = lanes.find(endpointId);
      if (!lane) return;
      lane.recalledTo = token;
      starts.close(lane);
    },
    meet: (endpoints) => endpoints.forEach(meet),
    setParked(endpoint, parked) {
      const lane = laneOf(endpoint);
      lane.parked = parked;
      noteShare(lane);
      makeReady(lane);
      pump();
      lanes.forgetIdle(lane);
    },
    close() {
      closed = true;
      for (const lane of lanes.all()) {
        starts.close(lane);
        for (const resolve of lane.waiting.splice(0)) {
          places.giveBack(lane.tenantId);
          resolve();
        }
      }
    },
    inFlight: () => slots.taken(),
    held: () => places.taken(),
    wanted: () => [...lanes.all()].reduce((sum, lane) => sum + lanes.startable(lane), slots.taken()),
  };
}
