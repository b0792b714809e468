import type { Database } from '../open-database.ts';

/** A dispatcher that has not been seen for this long no longer has a share. */
const ALIVE_SECONDS = 5;

/** Says that this dispatcher is alive, and forgets those that are not. @returns how many are alive, itself included */
export async function beatDispatcher(database: Database, dispatcherId: string): Promise<number> {
  const rows = await database.$queryRaw<{ alive: number }[]>`
    WITH gone AS (
      DELETE FROM dispatchers WHERE seen_at < now() - ${ALIVE_SECONDS} * interval '1 second' AND id <> ${dispatcherId}::uuid
    ), me AS (
      INSERT INTO dispatchers (id, seen_at) VALUES (${dispatcherId}::uuid, now())
      ON CONFLICT (id) DO UPDATE SET seen_at = now()
    )
    SELECT count(*)::int + 1 AS alive FROM dispatchers
    WHERE id <> ${dispatcherId}::uuid AND seen_at >= now() - ${ALIVE_SECONDS} * interval '1 second'`;
  return rows[0]?.alive ?? 1;
}

/** Gives the dispatcher's share back at once when it stops. */
export async function leaveDispatcher(database: Database, dispatcherId: string): Promise<void> {
  await database.$executeRaw`DELETE FROM dispatchers WHERE id = ${dispatcherId}::uuid`;
}
