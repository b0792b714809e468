import type { Database } from '../open-database.ts';

/** Ends a session: the next request with its cookie is refused. @param digest SHA-256 of the cookie's secret */
export async function endSession(database: Database, id: string, digest: Buffer): Promise<void> {
  await database.consoleSession.deleteMany({ where: { id, digest: new Uint8Array(digest) } });
}
