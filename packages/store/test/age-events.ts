import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import { v7 } from 'uuid';
import { acceptEvents } from '../src/engine/accept-events.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import type { EventRequest, NewEvent } from '../src/engine/event-request.ts';
import { listPartitions } from '../src/engine/list-partitions.ts';
import { type AttemptRecord, recordAttempts } from '../src/engine/record-attempts.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);

/** One event of long ago, with its only delivery. */
export interface Aged {
  readonly eventId: string;
  readonly deliveryId: string;
}

/** Events as they were posted long ago. */
export interface AgedEvents {
  /** Makes so many partitions of a week before the first one. */
  addWeeks(count: number): Promise<void>;
  /** Makes all partitions anew: of a week each, one of which begins then; so many before that one, and one after it. Of empty tables only. */
  beginWeeks(at: Date, before: number): Promise<void>;
  /** A tenant with one enabled endpoint. @returns an open delivery for each event */
  post(tenantId: string, at: Date, count?: number, request?: Partial<EventRequest>): Promise<Aged[]>;
  /** Delivers them, as far as that is possible. @returns how many were */
  deliver(aged: readonly Aged[]): Promise<number>;
  /** In which table a row lies. */
  tableOf(parent: 'events' | 'deliveries' | 'attempts', id: string): Promise<string | undefined>;
}

export const requestAt = (tenantId: string, at: Date, request: Partial<EventRequest> = {}): EventRequest => {
  const event: NewEvent = {
    id: v7({ msecs: at.getTime() }),
    tenantId,
    type: 'domain.verified',
    jobId: 'job-1',
    payload: '{"type":"domain.verified"}',
    profile: 'connect-domain',
    profileId: null,
    timeoutMs: 5_000,
    aggregateVersion: null,
    createdAt: at,
    attemptLimit: 6,
    firedWith: null,
    onlyEndpointId: null,
  };
  const none = { idempotency: null, pair: '', firesPairFor: null, endsPairOf: null };
  return { events: [event], callId: v7(), ...none, ...request };
};

/** The attempt that a claim is for, ended. */
export const attemptOf = (
  { id, tenantId, token, number }: ClaimedDelivery,
  next: AttemptRecord['next'],
): AttemptRecord => ({
  deliveryId: id,
  tenantId,
  token,
  number,
  attemptId: v7(),
  startedAt: new Date(),
  durationMs: 5,
  outcome: next.status === 'succeeded' ? 'succeeded' : 'rejected',
  responseStatus: 200,
  responseHeaders: '{}',
  responseBody: '',
  error: null,
  requestHeaders: '{}',
  next,
});

export function ageEvents({ database }: Arranged, databaseUrl: string): AgedEvents {
  /** @param before weeks before then that the first one begins; the last one ends so many after it */
  const add = async (at: number, before: number, after: number) => {
    for (let week = -before; week < after; week += 1) {
      const [starts, ends] = [week, week + 1].map((weeks) => new Date(at + weeks * WEEK_MS));
      await runSql(databaseUrl, 'SELECT add_partition($1, $2)', [starts, ends]);
    }
  };
  return {
    async addWeeks(count) {
      const { attached } = await listPartitions(database);
      await add(attached[0]?.starts.getTime() ?? 0, count, 0);
    },
    async beginWeeks(at, before) {
      for (const { suffix } of (await listPartitions(database)).attached)
        await runSql(databaseUrl, `DROP TABLE attempts${suffix}, deliveries${suffix}, events${suffix}`);
      await add(at.getTime(), before, 2);
    },
    async post(tenantId, at, count = 1, request = {}) {
      const requests = Array.from({ length: count }, () => requestAt(tenantId, at, request));
      const accepted = await acceptEvents(database, requests);
      return accepted.map((result) => {
        if (result.kind !== 'accepted') throw new Error(`An aged event was ${result.kind}`);
        return { eventId: result.event.id, deliveryId: result.due[0]?.id ?? '' };
      });
    },
    async deliver(aged) {
      const requests = aged.map(({ deliveryId }) => ({ deliveryId, generation: 0 }));
      const lease = { token: v7(), dispatcherId: null, marginMs: 10_000 };
      const claimed = (await claimDeliveries(database, requests, lease)).flatMap((result) =>
        result.kind === 'claimed' ? [result.delivery] : [],
      );
      const recorded = await recordAttempts(
        database,
        claimed.map((delivery) => attemptOf(delivery, { status: 'succeeded' })),
      );
      return recorded.filter(({ kind }) => kind === 'recorded').length;
    },
    async tableOf(parent, id) {
      const key = parent === 'attempts' ? 'delivery_id' : 'id';
      const [row] = await runSql<{ table: string }>(
        databaseUrl,
        `SELECT tableoid::regclass::text AS table FROM ${parent} WHERE ${key} = $1`,
        [id],
      );
      return row?.table;
    },
  };
}

/** A database with a tenant that has one enabled endpoint. `arranged` must be closed. */
export interface AgedDatabase {
  readonly databaseUrl: string;
  readonly arranged: Arranged;
  readonly aged: AgedEvents;
  readonly tenantId: string;
  readonly endpointId: string;
}

/** @param weeks partitions of a week that it has before the first one */
export async function openAged(weeks = 0): Promise<AgedDatabase> {
  const databaseUrl = await createTestDatabase();
  const arranged = arrange(databaseUrl);
  const aged = ageEvents(arranged, databaseUrl);
  const tenantId = await arranged.tenant();
  const endpointId = await arranged.endpoint(tenantId, 'https://one.example');
  await aged.addWeeks(weeks);
  return { databaseUrl, arranged, aged, tenantId, endpointId };
}
