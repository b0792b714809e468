import type { Database } from '../open-database.ts';

/** Ends a session: the next request with its cookie is refused. */
export async function endSession(database: Database, id: string): Promise<void> {
  await database.consoleSession.deleteMany({ where: { id } });
}
