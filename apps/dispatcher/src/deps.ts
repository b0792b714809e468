import { performance } from 'node:perf_hooks';
import { createProducer } from '@posthorn/queue/create-producer';
import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { Logger } from '@posthorn/runtime/create-logger';
import { createMetrics } from '@posthorn/runtime/create-metrics';
import { gather } from '@posthorn/runtime/gather';
import { newId } from '@posthorn/runtime/new-id';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { beatDispatcher } from '@posthorn/store/engine/beat-dispatcher';
import { cancelBacklog } from '@posthorn/store/engine/cancel-backlog';
import { claimDeliveries } from '@posthorn/store/engine/claim-deliveries';
import { claimParked } from '@posthorn/store/engine/claim-parked';
import type { ClaimRequest, ClaimResult } from '@posthorn/store/engine/claim-result';
import type { ClaimedDelivery, Lease } from '@posthorn/store/engine/claimed-delivery';
import type { FailurePolicy } from '@posthorn/store/engine/fold-health';
import { parkDeliveries } from '@posthorn/store/engine/park-deliveries';
import { putOff } from '@posthorn/store/engine/put-off';
import { type AttemptRecord, type RecordResult, recordAttempts } from '@posthorn/store/engine/record-attempts';
import { releaseClaims } from '@posthorn/store/engine/release-claims';
import { createProfileFinder } from '@posthorn/store/find-profile';
import { openDatabase } from '@posthorn/store/open-database';
import type { Profile } from '@posthorn/wire/profile';
import { buildRequest } from './attempt/build-request.ts';
import { openEndpoint } from './attempt/open-endpoint.ts';
import { runAttempt } from './attempt/run-attempt.ts';
import { createClaimer } from './claim-or-release.ts';
import { deliver } from './deliver.ts';
import { deliverRow } from './deliver-row.ts';
import { createDispatcherMetrics } from './dispatcher-metrics.ts';
import { createEndpointGate, type EndpointGate } from './endpoint-gate.ts';
import { createParkedFeed } from './feed-parked.ts';
import { mayRetry } from './may-retry.ts';
import { createProfileReader } from './read-profiles.ts';
import { recordApart } from './record-apart.ts';
import { recordUntilStored } from './record-until-stored.ts';
import { createRetryRoom } from './retry-room.ts';
import { createSender } from './send/create-sender.ts';
import { type EgressSettings, openEgress } from './send/open-egress.ts';

/** Rows in one statement at the most. */
const MAX_GATHERED = 200;
/** How long a lease outlives its attempt's timeout, in which the result is recorded. */
const LEASE_MARGIN_MS = 10_000;
const DATABASE_CONNECTIONS = 8;
/** Saying that this dispatcher is alive waits for nothing else. */
const BEAT_CONNECTIONS = 1;
/** Deliveries that wait in memory for their endpoint's turn, per request that may be in flight. */
const HELD_PER_REQUEST = 4;
const BATCHES_AT_ONCE = 2;
/** Rows that wait for a statement of one kind: more than are ever held in memory, unless something is wrong. */
const MAX_WAITING_ROWS = 20_000;

export interface DispatcherOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly shards: number;
  readonly concurrency: number;
  readonly endpointConcurrency: number;
  readonly minuteMs: number;
  /** For endpoints that have none of their own. */
  readonly failurePolicy: FailurePolicy;
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
  const database = openDatabase(options.databaseUrl, DATABASE_CONNECTIONS);
  const beatDatabase = openDatabase(options.databaseUrl, BEAT_CONNECTIONS);
  const producer = createProducer({ redisUrl: options.redisUrl, shards: options.shards, onError: logError('redis') });
  const secretBox = createSecretBox(options.secretsKeys);
  const findProfile = createProfileFinder(database);
  const registry = createMetrics('dispatcher');
  const interrupt = new AbortController();
  const dispatcherId = newId();
  const newLease = (): Lease => ({ token: newId(), dispatcherId, marginMs: LEASE_MARGIN_MS });
  const monotonic = () => performance.now();

  const claimUnder = createClaimer({
    register: () => beatDispatcher(database, dispatcherId),
    newLease,
    release: (tokens) => releaseClaims(database, tokens),
    now: monotonic,
  });
  const readProfiles = createProfileReader(findProfile);
  const claim = gather<ClaimRequest, ClaimResult>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    maxWaiting: MAX_WAITING_ROWS,
    flush: (requests) =>
      claimUnder(async (lease) => {
        const results = await claimDeliveries(database, requests, lease);
        await readProfiles(results.flatMap((each) => (each.kind === 'claimed' ? each.delivery : [])));
        return results;
      }),
  });
  const recordOne = gather<AttemptRecord, RecordResult>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    maxWaiting: MAX_WAITING_ROWS,
    flush: (records) => recordApart({ record: (some) => recordAttempts(database, some), mayRetry, log }, records),
  });
  const parkOne = gather<ClaimRequest, void>({
    maxItems: MAX_GATHERED,
    maxBatches: 1,
    maxWaiting: MAX_WAITING_ROWS,
    flush: async (requests) => {
      await parkDeliveries(database, requests);
      metrics.parked.inc(requests.length);
      return requests.map(() => undefined);
    },
  });
  const enqueueOne = gather<DeliveryJobRequest, void>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    maxWaiting: MAX_WAITING_ROWS,
    flush: async (jobs) => {
      await producer.enqueue(jobs);
      return jobs.map(() => undefined);
    },
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
    record: (record: AttemptRecord) => recordUntilStored({ record: recordOne, mayRetry, now: monotonic }, record),
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
  const retryRoom = createRetryRoom();
  const metrics = createDispatcherMetrics(registry, gate);
  // Beside what goes on, since it may be long; what is left open is cancelled when its turn comes.
  const startCancelling = (endpointId: string): void =>
    void cancelBacklog(database, endpointId).catch(logError('cancelling a backlog'));
  const deliverClaimed = (delivery: ClaimedDelivery) =>
    deliver(
      {
        run: (claimed, profile) => runAttempt(attemptDeps, claimed, profile),
        findProfile,
        gate,
        cancelBacklog: startCancelling,
        putOff: (claimed, delayMs) => putOff(database, claimed, delayMs),
        isStopping: () => interrupt.signal.aborted,
        log,
        metrics,
      },
      delivery,
    );
  const deliverClaimedRow = (delivery: ClaimedDelivery) =>
    deliverRow(
      { gate, retryRoom, deliver: deliverClaimed, enqueue: enqueueOne, onError: logError('delivery without a job') },
      delivery,
    );
  const feed = createParkedFeed({
    gate: () => gate,
    claimParked: (endpointId, limit) =>
      claimUnder(async (lease) => {
        const rows = await claimParked(database, endpointId, limit, lease);
        await readProfiles(rows);
        return rows;
      }),
    deliverRow: deliverClaimedRow,
    onError: logError('parked deliveries'),
  });

  return {
    dispatcherId,
    database,
    beatDatabase,
    secretBox,
    producer,
    registry,
    metrics,
    gate,
    retryRoom,
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
