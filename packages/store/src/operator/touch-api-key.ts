import type { Database } from '../open-database.ts';

/** Notes that a key was used at that moment. */
export async function touchApiKey(database: Database, id: string, usedAt: Date): Promise<void> {
  await database.apiKey.updateMany({ where: { id }, data: { lastUsedAt: usedAt } });
}
