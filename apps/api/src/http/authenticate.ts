import type { Scope } from '@posthorn/domain/scopes';
import type { LiveKey } from '@posthorn/store/operator/find-live-keys';
import { digestOf, keyIdOf, sameDigest } from './api-key.ts';
import { AppError } from './app-error.ts';
import type { Caller } from './request-context.ts';

/** What telling callers apart needs. */
export interface AuthenticateDeps {
  /** SHA-256 of the operator's key. */
  readonly adminKeyDigest: Buffer;
  readonly findLiveKey: (keyId: string) => Promise<LiveKey | null>;
  /** Notes a key's use; never waited for. */
  readonly noteKeyUse: (keyId: string) => void;
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/**
 * Finds out who sends a request.
 *
 * @param authorization the header's value
 * @throws AppError `unauthorized`, the same for every cause
 */
export async function authenticate(authorization: string | undefined, deps: AuthenticateDeps): Promise<Caller> {
  const key = BEARER.exec(authorization ?? '')?.[1];
  if (key === undefined) throw new AppError('unauthorized');
  const digest = digestOf(key);
  if (sameDigest(digest, deps.adminKeyDigest)) return { kind: 'operator', keyId: 'operator' };
  const keyId = keyIdOf(key);
  const live = keyId === null ? null : await deps.findLiveKey(keyId);
  // Without a stored digest the operator's is compared, so that both ways take the same time.
  const matches = sameDigest(digest, live?.digest ?? deps.adminKeyDigest);
  if (!live || !matches) throw new AppError('unauthorized');
  deps.noteKeyUse(live.id);
  const { id, tenantId, profile, profileId, limited, scopes } = live;
  return { kind: 'tenant', keyId: id, tenantId, profile, profileId, limited, scopes: scopes as readonly Scope[] };
}
