import type { IdSpan } from '@posthorn/domain/id-span';
import type { Producer } from '@posthorn/queue/create-producer';
import type { DeliveryJobRequest } from '@posthorn/queue/delivery-job';
import type { Logger } from '@posthorn/runtime/create-logger';
import { gather } from '@posthorn/runtime/gather';
import { claimDeliveries } from '@posthorn/store/engine/claim-deliveries';
import { claimParked, type ParkedRequest } from '@posthorn/store/engine/claim-parked';
import type { ClaimRequest, ClaimResult } from '@posthorn/store/engine/claim-result';
import type { ClaimedDelivery, Lease } from '@posthorn/store/engine/claimed-delivery';
import { parkDeliveries } from '@posthorn/store/engine/park-deliveries';
import { type PutOff, putOff } from '@posthorn/store/engine/put-off';
import { type AttemptRecord, type RecordResult, recordAttempts } from '@posthorn/store/engine/record-attempts';
import type { ProfileFinder } from '@posthorn/store/find-profile';
import type { Database } from '@posthorn/store/open-database';
import { mayRetry } from './may-retry.ts';
import { createProfileReader } from './read-profiles.ts';
import { recordApart } from './record-apart.ts';

/** Rows in one statement at the most. */
const MAX_GATHERED = 200;
const BATCHES_AT_ONCE = 2;
/** Rows, and how long the first waits for them, beside a statement of its kind that is under way; measured in docs/performance.md. */
const COMPANY = { items: 96, ms: 20 };
/** Rows that wait for a statement of one kind: more than are ever held in memory, unless something is wrong. */
const MAX_WAITING_ROWS = 20_000;

export interface GatheringDeps {
  readonly database: Database;
  readonly producer: Pick<Producer, 'enqueue'>;
  readonly claimUnder: <Result>(claim: (lease: Lease) => Promise<Result>) => Promise<Result>;
  readonly findProfile: ProfileFinder;
  /** Where open deliveries are. */
  readonly openSpan: () => IdSpan;
  readonly onParked: (rows: number) => void;
  readonly log: Logger;
}

/** What is said to PostgreSQL and the queue about single deliveries, gathered: many share a statement. */
export function gatherStatements({
  database,
  producer,
  claimUnder,
  findProfile,
  openSpan,
  onParked,
  log,
}: GatheringDeps) {
  const readProfiles = createProfileReader(findProfile);
  const claim = gather<ClaimRequest, ClaimResult>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    company: COMPANY,
    maxWaiting: MAX_WAITING_ROWS,
    flush: (requests) =>
      claimUnder(async (lease) => {
        const results = await claimDeliveries(database, requests, lease);
        await readProfiles(results.flatMap((each) => (each.kind === 'claimed' ? each.delivery : [])));
        return results;
      }),
  });
  const claimParkedOf = gather<ParkedRequest, readonly ClaimedDelivery[]>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    company: COMPANY,
    maxWaiting: MAX_WAITING_ROWS,
    flush: (requests) =>
      claimUnder(async (lease) => {
        const rows = await claimParked(database, requests, lease, openSpan());
        await readProfiles(rows);
        return requests.map(({ endpointId }) => rows.filter((row) => row.endpointId === endpointId));
      }),
  });
  const recordOne = gather<AttemptRecord, RecordResult>({
    maxItems: MAX_GATHERED,
    maxBatches: BATCHES_AT_ONCE,
    company: COMPANY,
    maxWaiting: MAX_WAITING_ROWS,
    flush: (records) => recordApart({ record: (some) => recordAttempts(database, some), mayRetry, log }, records),
  });
  const parkOne = gather<ClaimRequest, void>({
    maxItems: MAX_GATHERED,
    maxBatches: 1,
    maxWaiting: MAX_WAITING_ROWS,
    flush: async (requests) => {
      await parkDeliveries(database, requests);
      onParked(requests.length);
      return requests.map(() => undefined);
    },
  });
  const putOffOne = gather<PutOff, void>({
    maxItems: MAX_GATHERED,
    maxBatches: 1,
    maxWaiting: MAX_WAITING_ROWS,
    flush: async (deliveries) => {
      await putOff(database, deliveries);
      return deliveries.map(() => undefined);
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
  return { claim, claimParkedOf, recordOne, parkOne, putOffOne, enqueueOne };
}
