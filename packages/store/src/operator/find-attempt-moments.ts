import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import type { AttemptFilter } from '../tenant/find-attempts.ts';

/** How much of a tenant's attempts is wanted. */
export interface MomentsWanted {
  readonly tenantId: string;
  /** Only attempts that began before it; `null`: all. */
  readonly before: Date | null;
  readonly take: number;
  /** Attempts that are looked at, whether they match or not. */
  readonly maxLookedAt: number;
}

/** When attempts began. */
export interface AttemptMoments {
  /** Of matching attempts, newest first, each moment once. */
  readonly moments: readonly Date[];
  /** The moment at which looking ended before all was seen; what began then is not among `moments`. */
  readonly cut: Date | null;
}

interface Looked {
  readonly startedAt: Date;
  readonly isLast: boolean;
}

const matching = ({ outcomes, endpointId, isAnswered, minDurationMs }: AttemptFilter): Prisma.Sql => {
  const given = [
    outcomes !== undefined && Prisma.sql`outcome = ANY(${[...outcomes]})`,
    endpointId !== undefined && Prisma.sql`endpoint_id = ${endpointId}::uuid`,
    isAnswered && Prisma.sql`response_status IS NOT NULL`,
    minDurationMs !== undefined && Prisma.sql`duration_ms >= ${minDurationMs}::int`,
  ].filter((condition) => condition !== false);
  return given.length === 0 ? Prisma.sql`true` : Prisma.join(given, ' AND ');
};

const range = (before: Date | null, { startedAfter, startedBefore }: AttemptFilter): Prisma.Sql => {
  const given = [
    before !== null && Prisma.sql`started_at < ${before}::timestamptz`,
    startedBefore !== undefined && Prisma.sql`started_at < ${startedBefore}::timestamptz`,
    startedAfter !== undefined && Prisma.sql`started_at >= ${startedAfter}::timestamptz`,
  ].filter((condition) => condition !== false);
  return given.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(given, ' AND ')}`;
};

/**
 * Finds when a tenant's matching attempts began, newest first, in an index alone: headers and bodies stay unread however
 * many attempts do not match. The last one looked at is told whether it matches or not, so that a page can go on there.
 */
export async function findAttemptMoments(
  database: Database,
  { tenantId, before, take, maxLookedAt }: MomentsWanted,
  filter: AttemptFilter,
): Promise<AttemptMoments> {
  const rows = await database.$queryRaw<Looked[]>`
    SELECT started_at AS "startedAt", nth = ${maxLookedAt}::int AS "isLast" FROM (
      SELECT started_at, endpoint_id, outcome, duration_ms, response_status, row_number() OVER (ORDER BY started_at DESC) AS nth
      FROM attempts WHERE tenant_id = ${tenantId}::uuid ${range(before, filter)}
      ORDER BY started_at DESC LIMIT ${maxLookedAt}::int) looked
    WHERE (${matching(filter)}) OR nth = ${maxLookedAt}::int
    ORDER BY started_at DESC LIMIT ${take}::int`;
  const cut = rows.find(({ isLast }) => isLast)?.startedAt ?? null;
  const times = rows.map(({ startedAt }) => startedAt.getTime()).filter((ms) => cut === null || ms > cut.getTime());
  return { moments: [...new Set(times)].map((ms) => new Date(ms)), cut };
}
