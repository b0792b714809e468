import { performance } from 'node:perf_hooks';
import { createProducer } from '@posthorn/queue/create-producer';
import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { Logger } from '@posthorn/runtime/create-logger';
import { createMetrics } from '@posthorn/runtime/create-metrics';
import { gather } from '@posthorn/runtime/gather';
import { newId } from '@posthorn/runtime/new-id';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { cancelBacklog } from '@posthorn/store/engine/cancel-backlog';
import { claimDeliveries } from '@posthorn/store/engine/claim-deliveries';
import { claimParked } from '@posthorn/store/engine/claim-parked';
import type { ClaimRequest, ClaimResult } from '@posthorn/store/engine/claim-result';
import type { ClaimedDelivery, Lease } from '@posthorn/store/engine/claimed-delivery';
import { parkDeliveries } from '@posthorn/store/engine/park-deliveries';
import { type AttemptRecord, type RecordResult, recordAttempts } from '@posthorn/store/engine/record-attempts';
import { releaseClaims } from '@posthorn/store/engine/release-claims';
import { createProfileFinder } from '@posthorn/store/find-profile';
import { isRetryable, isUnavailable } from '@posthorn/store/is-unavailable';
import { openDatabase } from '@posthorn/store/open-database';
import type { Profile } from '@posthorn/wire/profile';
import { buildRequest } from './attempt/build-request.ts';
import { runAttempt } from './attempt/run-attempt.ts';
import { createClaimer } from './claim-or-release.ts';
import { deliver } from './deliver.ts';
import { deliverRow } from './deliver-row.ts';
import { createDispatcherMetrics } from './dispatcher-metrics.ts';
import { createEndpointGate, type EndpointGate } from './endpoint-gate.ts';
import { createParkedFeed } from './feed-parked.ts';
import { recordApart } from './record-apart.ts';
import { recordUntilStored } from './record-until-stored.ts';
import { createSender } from './send/create-sender.ts';
import { type EgressSettings, openEgress } from './send/open-egress.ts';

/** Rows in one statement at the most. */
const MAX_GATHERED = 200;
/** How long a lease outlives its attempt's timeout, in which the result is recorded. */
const LEASE_MARGIN_MS = 10_000;
const DATABASE_CONNECTIONS = 8;
/** Deliveries that wait in memory for their endpoint's turn, per request that may be in flight. */
const HELD_PER_REQUEST = 4;
const BATCHES_AT_ONCE = 2;

export interface DispatcherOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly shards: number;
  readonly concurrency: number;
  readonly endpointConcurrency: number;
  readonly minuteMs: number;
  readonly secretsKeys: readonly string[];
  readonly egress: EgressSettings;
  readonly version: string;
  readonly log: Logger;
}

/** Whether the same statement may succeed later: the database is away, or gave up a deadlock. */
const mayRetry = (error: unknown): boolean => isUnavailable(error) || isRetryable(error);

const newLease = (): Lease => ({ token: newId(), marginMs: LEASE_MARGIN_MS });

/** Opens everything the dispatcher works with and ties it together; nothing is taken from the queue yet. */
export function createDeps(options: DispatcherOptions) {
  const { log } = options;
  const logError = (what: string) => (error: unknown) =>
    log.warn(what, { error: error instanceof Error ? error.message : String(error) });
  const database = openDatabase(options.databaseUrl, DATABASE_CONNECTIONS);
  const producer = createProducer({ redisUrl: options.redisUrl, shards: options.shards, onError: logError('redis') });
  const secretBox = createSecretBox(options.secretsKeys);
  const findProfile = createProfileFinder(database);
  const registry = createMetrics('dispatcher');
  const interrupt = new AbortController();
  const monotonic = () => performance.now();

  const claimUnder = createClaimer({
    newLease,
    release: (tokens) => releaseClaims(database, tokens),
    mayHaveHappened: isUnavailable,
    now: monotonic,
  });
  /** A contract that cannot be read now is met before the claim is answered, so that the lease goes back with it. */
  const readProfiles = async (claimed: readonly ClaimedDelivery[]): Promise<void> => {
    const read = await Promise.allSettled(claimed.map((delivery) => findProfile(delivery)));
    const away = read.find((each) => each.status === 'rejected' && isUnavailable(each.reason));
    if (away?.status === 'rejected') throw away.reason;
  };
  const claim = gather<ClaimRequest, ClaimResult>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
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
    flush: (records) => recordApart({ record: (some) => recordAttempts(database, some), mayRetry, log }, records),
  });
  const parkOne = gather<ClaimRequest, void>({
    maxItems: MAX_GATHERED,
    maxBatches: 1,
    flush: async (requests) => {
      await parkDeliveries(database, requests);
      metrics.parked.inc(requests.length);
      return requests.map(() => undefined);
    },
  });
  const enqueueOne = gather<DeliveryJobRequest, void>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    flush: async (jobs) => {
      await producer.enqueue(jobs);
      return jobs.map(() => undefined);
    },
  });

  const openSecret = (delivery: ClaimedDelivery, sealed: string): string =>
    secretBox.open(sealed, `${delivery.endpointId}/secret`);
  const openHeaders = (delivery: ClaimedDelivery): Record<string, string> =>
    delivery.headersSealed === null
      ? {}
      : (JSON.parse(secretBox.open(delivery.headersSealed, `${delivery.endpointId}/headers`)) as Record<
          string,
          string
        >);

  const attemptDeps = {
    build: (delivery: ClaimedDelivery, profile: Profile, now: Date) =>
      buildRequest({
        delivery,
        profile,
        secret: openSecret(delivery, delivery.secretSealed),
        nextSecret: delivery.nextSecretSealed === null ? undefined : openSecret(delivery, delivery.nextSecretSealed),
        customHeaders: openHeaders(delivery),
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
  };

  const gate: EndpointGate = createEndpointGate({
    concurrency: options.concurrency,
    endpointConcurrency: options.endpointConcurrency,
    maxHeld: options.concurrency * HELD_PER_REQUEST,
    now: monotonic,
    onRoom: (endpointId, room) => feed(endpointId, room),
  });
  const metrics = createDispatcherMetrics(registry, gate);
  const deliverClaimed = (delivery: ClaimedDelivery) =>
    deliver(
      {
        run: (claimed, profile) => runAttempt(attemptDeps, claimed, profile),
        findProfile,
        gate,
        // What is left open is cancelled when its turn comes; this attempt is recorded either way.
        cancelBacklog: (endpointId) => cancelBacklog(database, endpointId).catch(logError('cancelling a backlog')),
        log,
        metrics,
      },
      delivery,
    );
  const deliverClaimedRow = (delivery: ClaimedDelivery) =>
    deliverRow(
      { gate, deliver: deliverClaimed, enqueue: enqueueOne, onError: logError('delivery without a job') },
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
    database,
    producer,
    registry,
    metrics,
    gate,
    findProfile,
    interrupt,
    log,
    logError,
    mayRetry,
    deliverRow: deliverClaimedRow,
    claim,
    jobDeps: { gate, claim, park: parkOne, deliver: deliverClaimed, mayRetry },
    /** Jobs that may be under way in the queue's eyes: those in flight and those that wait for a turn. */
    jobsAtOnce: options.concurrency * (1 + HELD_PER_REQUEST),
  };
}

export type DispatcherDeps = ReturnType<typeof createDeps>;
