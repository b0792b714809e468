import { type Database, openDatabase } from '@posthorn/store/open-database';

const CONNECTIONS = 8;
/** Of them, for claims and records, of which two each are under way at once. */
const CONNECTIONS_BY_IDS = 4;
/** Saying that this dispatcher is alive waits for nothing else. */
const BEAT_CONNECTIONS = 1;
/** Removing what is over takes long, and nobody waits for it. */
const UPKEEP_CONNECTIONS = 1;
const UPKEEP_STATEMENT_MS = 3_600_000;
const writesOut = true;

export interface Databases {
  readonly database: Database;
  readonly beatDatabase: Database;
  readonly upkeepDatabase: Database;
}

/** Opens the dispatcher's connections, apart by what may wait for what. */
export const openDatabases = (databaseUrl: string): Databases => ({
  database: openDatabase(databaseUrl, CONNECTIONS, { writesOut, connectionsByIds: CONNECTIONS_BY_IDS }),
  beatDatabase: openDatabase(databaseUrl, BEAT_CONNECTIONS, { writesOut }),
  upkeepDatabase: openDatabase(databaseUrl, UPKEEP_CONNECTIONS, { writesOut, statementTimeoutMs: UPKEEP_STATEMENT_MS }),
});
