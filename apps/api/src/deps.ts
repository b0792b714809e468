import type { BlockList } from 'node:net';
import type { EgressRules } from '@posthorn/domain/egress/egress-rules';
import type { Readiness } from '@posthorn/http-api/health';
import type { Producer } from '@posthorn/queue/create-producer';
import type { Logger } from '@posthorn/runtime/create-logger';
import type { Counter } from '@posthorn/runtime/create-metrics';
import type { PaceWork } from '@posthorn/runtime/pace-work';
import type { MetricsText } from '@posthorn/runtime/share-metrics';
import type { SecretBox } from '@posthorn/store/create-secret-box';
import type { Accepted, DueDelivery, EventRequest } from '@posthorn/store/engine/event-request';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';
import type { ProfileFinder } from '@posthorn/store/find-profile';
import type { Database } from '@posthorn/store/open-database';
import type { LiveKey } from '@posthorn/store/operator/find-live-keys';
import type { LiveSession } from '@posthorn/store/operator/find-session';
import type { TenantDatabase } from '@posthorn/store/tenant/scope-to-tenant';
import type { BodyRoom } from './http/body-room.ts';
import type { HttpMetrics } from './http/create-http-metrics.ts';
import type { KeyMemory } from './http/remember-keys.ts';
import type { TenantTerms } from './http/resolve-tenant.ts';
import type { TakeTurn } from './http/take-turns.ts';
import type { LiveStreams } from './live/create-live-streams.ts';
import type { StatsReader } from './stats/create-stats-reader.ts';

/** Everything that routes and middleware use; each takes the part it needs. */
export interface Deps {
  readonly log: Logger;
  readonly database: Database;
  readonly producer: Producer;
  readonly secretBox: SecretBox;
  readonly egressRules: EgressRules;
  readonly rateLimit: number;
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: BlockList;
  readonly adminKeyDigest: Buffer;
  readonly findLiveKey: (keyId: string) => Promise<LiveKey | null>;
  readonly keyMemory: KeyMemory;
  readonly findSession: (id: string) => Promise<LiveSession | null>;
  readonly noteKeyUse: (keyId: string) => void;
  readonly findTenantTerms: (tenantId: string) => Promise<TenantTerms | null>;
  /** Where tenants get more than their quotas; `null`: nowhere. */
  readonly upgradeUrl: string | null;
  readonly findProfile: ProfileFinder;
  readonly scopeTo: (tenantId: string) => TenantDatabase;
  /** Connections for reads that may be slow, and the turns that tenants take on them. */
  readonly forReading: Pick<Deps, 'database' | 'scopeTo' | 'takeTurn'>;
  /** Every tenant route that posts no events takes one; nothing takes a second one beneath it, since it could wait for itself. */
  readonly takeTurn: TakeTurn;
  readonly bodyRoom: BodyRoom;
  /** What would block the event loop: the work on large bodies. */
  readonly paceWork: PaceWork;
  readonly readStats: StatsReader;
  readonly liveStreams: LiveStreams;
  readonly acceptEvents: (requests: readonly EventRequest[]) => Promise<readonly Accepted[]>;
  readonly ringDoorbell: (due: readonly DueDelivery[]) => void;
  /** Tells the dispatchers that an endpoint, or what is open of it, is not what it was; without Redis they see it with their next claim. */
  readonly announceEndpoint: (endpointId: string) => Promise<void>;
  /** Lets go what is held in these lines, where nobody is before it any more. */
  readonly releaseLines: (lines: readonly OrderingLine[]) => void;
  /** Of the longest waiting due deliveries those without a job; `null` while the queue cannot be asked. */
  readonly measureDrift: () => Promise<number | null>;
  readonly readMetrics: () => Promise<MetricsText>;
  readonly readReadiness: () => Promise<Readiness>;
  readonly httpMetrics: HttpMetrics;
  readonly eventsAccepted: Counter;
  /** The OpenAPI document, in UTF-8. */
  readonly openapi: () => Buffer;
  /** Tries what is still to be enqueued, then closes every connection. */
  readonly close: () => Promise<void>;
}
