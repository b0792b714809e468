import type { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { EgressRules } from '@posthorn/domain/egress/egress-rules';
import { createProducer } from '@posthorn/queue/create-producer';
import { createQueueRoom } from '@posthorn/queue/create-queue-room';
import { watchRoom } from '@posthorn/queue/watch-room';
import type { Logger } from '@posthorn/runtime/create-logger';
import { createMetrics } from '@posthorn/runtime/create-metrics';
import { gather } from '@posthorn/runtime/gather';
import { paceWork } from '@posthorn/runtime/pace-work';
import { shareMetrics } from '@posthorn/runtime/share-metrics';
import { shareReadiness } from '@posthorn/runtime/share-readiness';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { acceptEvents } from '@posthorn/store/engine/accept-events';
import { releaseHeld } from '@posthorn/store/engine/release-held';
import { createProfileFinder } from '@posthorn/store/find-profile';
import { closeDatabase, type Database, openDatabase, pingDatabase } from '@posthorn/store/open-database';
import { findLiveKeys, type LiveKey } from '@posthorn/store/operator/find-live-keys';
import { findSession } from '@posthorn/store/operator/find-session';
import { findTenant } from '@posthorn/store/operator/find-tenant';
import { readLedger } from '@posthorn/store/operator/read-ledger';
import { scopeToTenant, type TenantDatabase } from '@posthorn/store/tenant/scope-to-tenant';
import type { Deps } from './deps.ts';
import { createDoorbell } from './events/create-doorbell.ts';
import { createLineRelease } from './events/create-line-release.ts';
import { decideRoom } from './events/decide-room.ts';
import { gatherEvents } from './events/gather-events.ts';
import { ANSWER_BUDGET_MS } from './http/answer-budget.ts';
import { digestOf } from './http/api-key.ts';
import { createBodyRoom } from './http/body-room.ts';
import { createHttpMetrics } from './http/create-http-metrics.ts';
import { createOpenapi } from './http/create-openapi.ts';
import { logRedisTrouble } from './http/log-redis-trouble.ts';
import { createKeyUse } from './http/note-key-use.ts';
import { createKeyMemory } from './http/remember-keys.ts';
import { createTurns } from './http/take-turns.ts';
import { createLedgerMetrics } from './ledger/create-ledger-metrics.ts';
import { measureDrift } from './ledger/measure-drift.ts';
import { createLiveStreams } from './live/create-live-streams.ts';
import { streamDescription } from './live/describe-stream.ts';
import { routeTable } from './routes/route-table.ts';
import { createStatsReader } from './stats/create-stats-reader.ts';

/** What the settings give. */
export interface DepsOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly queueShards: number;
  /** Jobs that may wait in the queue, over all shards. */
  readonly maxWaitingJobs: number;
  readonly adminApiKey: string;
  readonly secretsKeys: readonly string[];
  readonly egressRules: EgressRules;
  /** Requests per second and key; 0 is off. */
  readonly rateLimit: number;
  readonly trustedProxies: BlockList;
  readonly upgradeUrl: string | null;
  readonly log: Logger;
}

const MAX_CONNECTIONS = 8;
/** Slow reads of one tenant must not take what accepting events needs. */
const READING_CONNECTIONS = 6;
/** Of one tenant, so many writes that post no events are under way at once, since each may hold a connection for a row; and so many reads. */
const MAX_WRITING_TURNS = 2;
const MAX_READING_TURNS = 3;
const MAX_SCOPED_TENANTS = 1_000;
const MAX_KEYS_PER_LOOKUP = 200;
const MAX_LOOKUPS = 2;
const MAX_WAITING_LOOKUPS = 2_000;
const FLUSH_BUDGET_MS = 2_000;

/** Scoped clients are kept: making one takes as long as a small query. */
function createScopes(database: Database): (tenantId: string) => TenantDatabase {
  const scopes = new Map<string, TenantDatabase>();
  return (tenantId) => {
    const known = scopes.get(tenantId);
    if (known) return known;
    if (scopes.size >= MAX_SCOPED_TENANTS) scopes.clear();
    const scope = scopeToTenant(database, tenantId);
    scopes.set(tenantId, scope);
    return scope;
  };
}

function lookups(database: Database) {
  return {
    findLiveKey: gather<string, LiveKey | null>({
      maxItems: MAX_KEYS_PER_LOOKUP,
      maxBatches: MAX_LOOKUPS,
      maxWaiting: MAX_WAITING_LOOKUPS,
      maxWaitMs: ANSWER_BUDGET_MS,
      flush: (ids) => findLiveKeys(database, ids),
    }),
    findSession: (id: string) => findSession(database, id),
    findTenantTerms: async (id: string) => {
      const tenant = await findTenant(database, id);
      return tenant && { ...tenant, limited: tenant.quota !== null && tenant.quota.eventsPerMonth !== null };
    },
    findProfile: createProfileFinder(database),
    keyMemory: createKeyMemory(),
    noteKeyUse: createKeyUse(database),
    scopeTo: createScopes(database),
  };
}

/** The composition root: opens what the API stands on. Nothing connects before it is used. */
export function createDeps(options: DepsOptions): Deps {
  const { log, egressRules, rateLimit, trustedProxies, upgradeUrl } = options;
  const database = openDatabase(options.databaseUrl, MAX_CONNECTIONS);
  const reading = openDatabase(options.databaseUrl, READING_CONNECTIONS);
  const producer = createProducer({
    redisUrl: options.redisUrl,
    shards: options.queueShards,
    onError: logRedisTrouble(log),
  });
  const metrics = createMetrics('api');
  const httpMetrics = createHttpMetrics(metrics);
  createLedgerMetrics(
    metrics,
    () => readLedger(reading, null),
    () => performance.now(),
  );
  const room = createQueueRoom(options.maxWaitingJobs);
  const roomWatch = watchRoom(room, () => producer.readWaiting());
  const doorbell = createDoorbell({ producer, room, roomWatch, log, failures: httpMetrics.enqueueFailures });
  return {
    log,
    database,
    producer,
    egressRules,
    rateLimit,
    trustedProxies,
    upgradeUrl,
    measureDrift: () => measureDrift(reading, producer),
    readMetrics: shareMetrics(metrics),
    readReadiness: shareReadiness({ database: () => pingDatabase(database), queue: () => producer.ping() }),
    httpMetrics,
    eventsAccepted: httpMetrics.eventsAccepted,
    secretBox: createSecretBox(options.secretsKeys),
    adminKeyDigest: digestOf(options.adminApiKey),
    ...lookups(database),
    forReading: { database: reading, scopeTo: createScopes(reading), takeTurn: createTurns(MAX_READING_TURNS) },
    takeTurn: createTurns(MAX_WRITING_TURNS),
    bodyRoom: createBodyRoom(),
    paceWork: paceWork(),
    readStats: createStatsReader(reading, () => performance.now()),
    liveStreams: createLiveStreams(),
    acceptEvents: gatherEvents((requests, patienceMs) =>
      acceptEvents(database, decideRoom(room, requests), patienceMs),
    ),
    ringDoorbell: (due) => doorbell.ring(due),
    announceEndpoint: (endpointId) =>
      producer.announceEndpoint(endpointId).catch((error: unknown) => {
        log.warn('an endpoint changed, and dispatchers could not be told', { error: String(error) });
      }),
    releaseLines: createLineRelease({
      release: (lines) => releaseHeld(database, lines),
      ring: (due) => doorbell.ring(due),
      log,
    }),
    openapi: createOpenapi(() => [...routeTable, streamDescription]),
    close: async () => {
      await doorbell.flush(FLUSH_BUDGET_MS);
      roomWatch.stop();
      await Promise.allSettled([producer.close(), closeDatabase(database), closeDatabase(reading)]);
    },
  };
}
