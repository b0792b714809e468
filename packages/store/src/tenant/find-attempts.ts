import type { AttemptOutcome } from '@posthorn/domain/delivery/attempt-outcome';
import type { TenantDatabase } from './scope-to-tenant.ts';

const listedColumns = {
  id: true,
  deliveryId: true,
  number: true,
  endpointId: true,
  startedAt: true,
  durationMs: true,
  outcome: true,
  responseStatus: true,
  error: true,
  delivery: { select: { type: true } },
} as const;

const findRow = (database: TenantDatabase) => database.attempt.findFirst({ select: listedColumns });
export type ListedAttemptRow = NonNullable<Awaited<ReturnType<typeof findRow>>>;

/** Which attempts are wanted; all of it must hold. */
export interface AttemptFilter {
  /** Ended in one of these ways; at least one. */
  readonly outcomes?: readonly AttemptOutcome[] | undefined;
  readonly endpointId?: string | undefined;
  /** Only those with a response status. */
  readonly isAnswered: boolean;
  readonly minDurationMs?: number | undefined;
  /** Inclusive. */
  readonly startedAfter?: Date | undefined;
  /** Exclusive. */
  readonly startedBefore?: Date | undefined;
}

/** Where an attempt stands among a tenant's: by when it began, then by its delivery, then by its number. */
export interface AttemptPlace {
  readonly startedAt: Date;
  readonly deliveryId: string;
  readonly number: number;
}

/** Those that began at one of these moments. */
export interface AttemptsWanted {
  readonly moments: readonly Date[];
  /** Only those that stand after this place; `null`: all of them. */
  readonly before: AttemptPlace | null;
  readonly take: number;
}

const conditions = ({
  outcomes,
  endpointId,
  isAnswered,
  minDurationMs,
  startedAfter,
  startedBefore,
}: AttemptFilter) => ({
  ...(outcomes !== undefined && { outcome: { in: [...outcomes] } }),
  ...(endpointId !== undefined && { endpointId }),
  ...(isAnswered && { responseStatus: { not: null } }),
  ...(minDurationMs !== undefined && { durationMs: { gte: minDurationMs } }),
  AND: [
    startedAfter === undefined ? {} : { startedAt: { gte: startedAfter } },
    startedBefore === undefined ? {} : { startedAt: { lt: startedBefore } },
  ],
});

const standsAfter = ({ startedAt, deliveryId, number }: AttemptPlace) => ({
  OR: [
    { startedAt: { lt: startedAt } },
    { startedAt, deliveryId: { lt: deliveryId } },
    { startedAt, deliveryId, number: { lt: number } },
  ],
});

/** The attempts that began at given moments, as a list of all shows them: newest first, each with its event's type. */
export const findAttempts = (
  database: TenantDatabase,
  { moments, before, take }: AttemptsWanted,
  filter: AttemptFilter,
): Promise<ListedAttemptRow[]> =>
  database.attempt.findMany({
    where: { startedAt: { in: [...moments] }, ...conditions(filter), ...(before && standsAfter(before)) },
    select: listedColumns,
    orderBy: [{ startedAt: 'desc' }, { deliveryId: 'desc' }, { number: 'desc' }],
    take,
  });
