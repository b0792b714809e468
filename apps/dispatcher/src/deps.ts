import { performance } from 'node:perf_hooks';
import { uuidMoment } from '@posthorn/domain/uuid-time';
import { createProducer } from '@posthorn/queue/create-producer';
import { createQueueRoom } from '@posthorn/queue/create-queue-room';
import type { Logger } from '@posthorn/runtime/create-logger';
import { createMetrics } from '@posthorn/runtime/create-metrics';
import { newId } from '@posthorn/runtime/new-id';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { beatDispatcher } from '@posthorn/store/engine/beat-dispatcher';
import { cancelBacklog } from '@posthorn/store/engine/cancel-backlog';
import type { ClaimedDelivery, Lease } from '@posthorn/store/engine/claimed-delivery';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { FailurePolicy } from '@posthorn/store/engine/fold-health';
import { parkDeliveries } from '@posthorn/store/engine/park-deliveries';
import type { AttemptRecord } from '@posthorn/store/engine/record-attempts';
import { releaseClaims } from '@posthorn/store/engine/release-claims';
import { releaseHeld } from '@posthorn/store/engine/release-held';
import { createProfileFinder } from '@posthorn/store/find-profile';
import type { Profile } from '@posthorn/wire/profile';
import { buildRequest } from './attempt/build-request.ts';
import { openEndpoint } from './attempt/open-endpoint.ts';
import { runAttempt } from './attempt/run-attempt.ts';
import { createClaimer } from './claim-or-release.ts';
import { type DeliverDeps, deliver } from './deliver.ts';
import { type DeliverRowDeps, deliverRow } from './deliver-row.ts';
import { createDispatcherMetrics } from './dispatcher-metrics.ts';
import { attemptEntered } from './feed-directly.ts';
import { createParkedFeed, feedFound } from './feed-parked.ts';
import { createEndpointGate } from './gate/create-endpoint-gate.ts';
import type { EndpointGate } from './gate/endpoint-gate.ts';
import type { Turn } from './gate/hold-turn.ts';
import { gatherStatements } from './gather-statements.ts';
import { LATEST_START_MS, LEASE_MARGIN_MS } from './lease-times.ts';
import { mayRetry } from './may-retry.ts';
import { openDatabases } from './open-databases.ts';
import { createLineRelease } from './release-lines.ts';
import { createRetryRoom } from './retry-room.ts';
import { createSender } from './send/create-sender.ts';
import { type EgressSettings, openEgress } from './send/open-egress.ts';
import { createOpenSpan } from './upkeep/create-open-span.ts';
import { writeUntilStored } from './write-until-stored.ts';

/** Deliveries that wait in memory for their endpoint's turn, per request that may be in flight. */
const HELD_PER_REQUEST = 4;

export interface DispatcherOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly shards: number;
  /** Jobs that may wait in the queue, over all shards. */
  readonly maxWaitingJobs: number;
  readonly concurrency: number;
  readonly endpointConcurrency: number;
  readonly minuteMs: number;
  /** For endpoints that have none of their own. */
  readonly failurePolicy: FailurePolicy;
  /** 0: what was sent is kept for ever. */
  readonly retentionDays: number;
  readonly secretsKeys: readonly string[];
  readonly egress: EgressSettings;
  readonly version: string;
  readonly log: Logger;
}

/** Opens everything the dispatcher works with and ties it together; nothing is taken from the queue yet. */
export function createDeps(options: DispatcherOptions) {
  const { log } = options;
  const logError = (what: string) => (error: unknown) =>
    log.warn(what, { error: error instanceof Error ? error.message : String(error) });
  const databases = openDatabases(options.databaseUrl);
  const { database } = databases;
  const producer = createProducer({ redisUrl: options.redisUrl, shards: options.shards, onError: logError('redis') });
  const secretBox = createSecretBox(options.secretsKeys);
  const findProfile = createProfileFinder(database);
  const registry = createMetrics('dispatcher');
  const interrupt = new AbortController();
  const dispatcherId = newId();
  const newLease = (): Lease => ({ token: newId(), dispatcherId, marginMs: LEASE_MARGIN_MS });
  const monotonic = () => performance.now();
  const untilStored = <Result>(write: () => Promise<Result>): Promise<Result> =>
    writeUntilStored({ mayRetry, now: monotonic }, write);

  const claimUnder = createClaimer({
    register: () => beatDispatcher(database, dispatcherId),
    newLease,
    release: (tokens) => releaseClaims(database, tokens),
    now: monotonic,
  });
  const openSpan = createOpenSpan(monotonic);
  const { claim, claimParkedOf, recordOne, parkOne, putOffOne, enqueueOne } = gatherStatements({
    database,
    producer,
    claimUnder,
    findProfile,
    openSpan: () => openSpan.get(),
    onParked: (rows) => metrics.parked.inc(rows),
    log,
  });

  const attemptDeps = {
    build: (delivery: ClaimedDelivery, profile: Profile, now: Date) =>
      buildRequest({
        delivery,
        profile,
        ...openEndpoint(secretBox, delivery),
        timestamp: Math.floor(now.getTime() / 1_000),
        version: options.version,
      }),
    send: createSender(openEgress(options.egress, monotonic, log), interrupt.signal),
    record: (record: AttemptRecord) => untilStored(() => recordOne(record)),
    newId,
    now: () => new Date(),
    random: Math.random,
    minuteMs: options.minuteMs,
    interrupt: interrupt.signal,
    onUnbuilt: logError('a request could not be built'),
  };

  const gate: EndpointGate = createEndpointGate({
    concurrency: options.concurrency,
    endpointConcurrency: options.endpointConcurrency,
    maxHeld: options.concurrency * HELD_PER_REQUEST,
    now: monotonic,
    onRoom: (endpoint, room) => feed(endpoint, room),
  });
  const retryRoom = createRetryRoom(monotonic);
  const room = createQueueRoom(options.maxWaitingJobs);
  const metrics = createDispatcherMetrics(registry, gate);
  // Beside what goes on, since it may be long; what is left open is cancelled when its turn comes.
  const startCancelling = (endpointId: string): void => {
    void producer.announceEndpoint(endpointId).catch(logError('announcing a disabled endpoint'));
    void cancelBacklog(database, endpointId).catch(logError('cancelling a backlog'));
  };
  const deliverDeps: DeliverDeps = {
    run: (delivery, profile, turn) => runAttempt(attemptDeps, delivery, profile, turn),
    findProfile,
    gate,
    cancelBacklog: startCancelling,
    releaseLine: (line) => releaseLine(line),
    putOff: (delivery, delayMs) => untilStored(() => putOffOne({ id: delivery.id, token: delivery.token, delayMs })),
    // Its token was made before the claim.
    isLate: ({ token }) => Date.now() - uuidMoment(token).getTime() > LATEST_START_MS,
    isStopping: () => interrupt.signal.aborted,
    log,
    metrics,
  };
  const deliverClaimed = (delivery: ClaimedDelivery, turn: Turn) => deliver(deliverDeps, delivery, turn);
  const rowDeps: DeliverRowDeps = {
    gate,
    retryRoom,
    deliver: deliverClaimed,
    enqueue: enqueueOne,
    onError: logError('delivery without a job'),
  };
  const deliverClaimedRow = (delivery: ClaimedDelivery) => deliverRow(rowDeps, delivery);
  const releaseLine = createLineRelease({
    release: (lines) => releaseHeld(database, lines, openSpan.get()),
    gate,
    attemptEntered: (rows) => attemptEntered({ gate, claim, deliverRow: deliverClaimedRow }, rows),
    enqueue: (jobs) => producer.enqueue(jobs),
    onError: logError('releasing held deliveries'),
  });
  const park = async (rows: readonly DueDelivery[]): Promise<void> => {
    await parkDeliveries(
      database,
      rows.map(({ id, generation }) => ({ deliveryId: id, generation })),
    );
    metrics.parked.inc(rows.length);
    feedFound(gate, rows);
  };
  const feed = createParkedFeed({
    gate: () => gate,
    claimParked: claimParkedOf,
    deliverRow: deliverClaimedRow,
    onError: logError('parked deliveries'),
  });

  return {
    dispatcherId,
    ...databases,
    openSpan,
    retentionDays: options.retentionDays,
    secretBox,
    producer,
    registry,
    metrics,
    gate,
    retryRoom,
    room,
    park,
    findProfile,
    failurePolicy: options.failurePolicy,
    interrupt,
    log,
    logError,
    mayRetry,
    deliverRow: deliverClaimedRow,
    claim,
    startCancelling,
    jobDeps: { gate, retryRoom, claim, park: parkOne, deliver: deliverClaimed, mayRetry },
    /** Jobs that may be under way in the queue's eyes: those in flight and those that wait for a turn. */
    jobsAtOnce: options.concurrency * (1 + HELD_PER_REQUEST),
  };
}

export type DispatcherDeps = ReturnType<typeof createDeps>;
