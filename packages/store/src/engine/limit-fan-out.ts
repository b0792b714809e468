import { Prisma } from '../generated/client.ts';
import type { EventRequest } from './event-request.ts';

/** So many deliveries a statement is to make: well within the 5 s that a statement has. */
export const DELIVERIES_PER_STATEMENT = 10_000;

/** Whether the requests are several, and of one API call. Those that share a statement by chance never are. */
export const areOneCall = (requests: readonly EventRequest[]): boolean =>
  requests.length > 1 && requests[0]?.callId === requests.at(-1)?.callId;

const parts = {
  /** Stands after `matched`, which must be in scope. */
  counted: Prisma.sql`few AS MATERIALIZED (SELECT refuse_beyond(count(*), ${DELIVERIES_PER_STATEMENT}::int) AS ok FROM matched),`,
  /** Asked once, before the first row is written. */
  asked: Prisma.sql`WHERE (SELECT ok FROM few)`,
};

const noParts = { counted: Prisma.empty, asked: Prisma.empty };

/** The parts of the statement that stores events which make it fail, as `isBeyond` tells, where one call's make too many deliveries. */
export const limitFanOut = (requests: readonly EventRequest[], isLimited: boolean) =>
  isLimited && areOneCall(requests) ? parts : noParts;
