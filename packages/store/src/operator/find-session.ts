import type { Database } from '../open-database.ts';

/** A session that is not over. */
export interface LiveSession {
  readonly id: string;
  readonly digest: Uint8Array;
  /** `null` for the operator's. */
  readonly keyId: string | null;
  readonly operatorDigest: Uint8Array | null;
  readonly expiresAt: Date;
}

/** @returns `null` when there is none of this id, or it is over by the database's clock */
export async function findSession(database: Database, id: string): Promise<LiveSession | null> {
  const [session] = await database.$queryRaw<LiveSession[]>`
    SELECT id, digest, key_id AS "keyId", operator_digest AS "operatorDigest", expires_at AS "expiresAt"
    FROM console_sessions WHERE id = ${id}::uuid AND expires_at > now()`;
  return session ?? null;
}
