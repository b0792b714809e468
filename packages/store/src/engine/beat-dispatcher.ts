import type { Database } from '../open-database.ts';

/** A dispatcher that has not been seen for this long no longer has a share. */
const ALIVE_SECONDS = 5;

/** What a dispatcher learns of the others. */
export interface Beat {
  /** Dispatchers that are alive, this one included. */
  readonly alive: number;
  /** This one's place among them, from 0. */
  readonly place: number;
  /** The database's clock, ms since the epoch. */
  readonly nowMs: number;
}

/** Says that this dispatcher is alive, and learns who else is. */
export async function beatDispatcher(database: Database, dispatcherId: string): Promise<Beat> {
  const [beat] = await database.$queryRaw<Beat[]>`
    WITH me AS (
      INSERT INTO dispatchers (id, seen_at) VALUES (${dispatcherId}::uuid, now())
      ON CONFLICT (id) DO UPDATE SET seen_at = now()
    )
    SELECT count(*)::int + 1 AS alive, (count(*) FILTER (WHERE id < ${dispatcherId}::uuid))::int AS place,
           (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
    FROM dispatchers
    WHERE id <> ${dispatcherId}::uuid AND seen_at >= now() - ${ALIVE_SECONDS} * interval '1 second'`;
  if (!beat) throw new Error('A beat has no answer');
  return beat;
}

/** Gives the dispatcher's share back at once when it stops. */
export async function leaveDispatcher(database: Database, dispatcherId: string): Promise<void> {
  await database.$executeRaw`DELETE FROM dispatchers WHERE id = ${dispatcherId}::uuid`;
}
