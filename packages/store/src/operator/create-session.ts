import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';

/** Ended sessions that are removed with each new one. */
const MAX_REMOVED = 100;
/** Of one key; the oldest one goes. */
const MAX_SESSIONS = 50;

/** A session of the console. */
export interface NewSession {
  readonly id: string;
  /** SHA-256 of the cookie's secret. */
  readonly digest: Buffer;
  /** The tenant's key that signed in; `null` for the operator's. */
  readonly keyId: string | null;
  /** SHA-256 of the operator's key, where that signed in. */
  readonly operatorDigest: Buffer | null;
  readonly lastsSeconds: number;
}

/** Stores a session, and removes some that are over, or that are too many of its key. @returns when it ends */
export async function createSession(database: Database, session: NewSession): Promise<Date> {
  const { id, digest, keyId, operatorDigest, lastsSeconds } = session;
  const ofKey = keyId === null ? Prisma.sql`key_id IS NULL` : Prisma.sql`key_id = ${keyId}::uuid`;
  const [row] = await database.$queryRaw<{ expires_at: Date }[]>(Prisma.sql`
    WITH removed AS (
      DELETE FROM console_sessions WHERE id IN
        (SELECT id FROM console_sessions WHERE expires_at < now() ORDER BY expires_at LIMIT ${MAX_REMOVED})
    ), surplus AS (
      DELETE FROM console_sessions WHERE id IN
        (SELECT id FROM console_sessions WHERE ${ofKey} ORDER BY id DESC LIMIT ${MAX_REMOVED} OFFSET ${MAX_SESSIONS - 1})
    )
    INSERT INTO console_sessions (id, digest, key_id, operator_digest, expires_at)
    VALUES (${id}::uuid, ${digest}, ${keyId}::uuid, ${operatorDigest}, now() + ${lastsSeconds} * interval '1 second')
    RETURNING expires_at`);
  return row?.expires_at as Date;
}
