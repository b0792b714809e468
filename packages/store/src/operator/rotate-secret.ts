import type { ProfileRef } from '../find-profile.ts';
import type { Database, Transaction } from '../open-database.ts';
import { lockTenant } from './lock-tenant.ts';

/** A new signing secret, sealed for its endpoint. */
export interface NewKey {
  readonly sealed: string;
  /** Of a key pair, whose private key is the secret; else `null`. */
  readonly publicKey: string | null;
}

/** A rotation: the new secret, and how long the old one stays beside it. */
export interface Rotation {
  /** Makes the new secret, seeing what there is; what it throws changes nothing. */
  readonly make: (current: EndpointKeys) => NewKey;
  /** 0 switches at once. */
  readonly overlapMs: number;
}

/** What an endpoint signs with, and from when on it will be the next secret alone. */
export interface EndpointKeys {
  readonly secretSealed: string;
  readonly publicKey: string | null;
  readonly nextSecretSealed: string | null;
  readonly nextPublicKey: string | null;
  readonly overlapEndsAt: Date | null;
}

/** Keys, and what the database's clock said when they were read. */
export interface KeysAt extends EndpointKeys {
  readonly now: Date;
}

function rotated({ now, ...keys }: KeysAt, { make, overlapMs }: Rotation): EndpointKeys {
  const { sealed: newSealed, publicKey: newPublicKey } = make(keys);
  if (overlapMs === 0) {
    const none = { nextSecretSealed: null, nextPublicKey: null, overlapEndsAt: null };
    return { secretSealed: newSealed, publicKey: newPublicKey, ...none };
  }
  const ended = keys.nextSecretSealed !== null && keys.overlapEndsAt !== null && keys.overlapEndsAt <= now;
  return {
    secretSealed: ended && keys.nextSecretSealed !== null ? keys.nextSecretSealed : keys.secretSealed,
    publicKey: ended ? keys.nextPublicKey : keys.publicKey,
    nextSecretSealed: newSealed,
    nextPublicKey: newPublicKey,
    overlapEndsAt: new Date(now.getTime() + overlapMs),
  };
}

/** The endpoint's keys, held until the transaction ends: rotations of one endpoint take turns. */
async function lockKeys(tx: Transaction, tenantId: string, id: string): Promise<KeysAt | null> {
  const rows = await tx.$queryRaw<KeysAt[]>`
    SELECT secret_sealed AS "secretSealed", public_key AS "publicKey", next_secret_sealed AS "nextSecretSealed",
      next_public_key AS "nextPublicKey", overlap_ends_at AS "overlapEndsAt", now()
    FROM endpoints WHERE id = ${id}::uuid AND tenant_id = ${tenantId}::uuid AND deleted_at IS NULL
    FOR NO KEY UPDATE`;
  return rows[0] ?? null;
}

/**
 * Gives an endpoint a new secret. A rotation whose overlap has ended is completed first; one under way has its new
 * secret replaced.
 *
 * @param expected the profile that the new secret was made for
 * @returns the keys from now on; `other_profile` when the tenant has another profile by now
 */
export function rotateSecret(
  database: Database,
  endpoint: { readonly tenantId: string; readonly id: string },
  rotation: Rotation,
  expected: ProfileRef,
): Promise<KeysAt | 'not_found' | 'other_profile'> {
  const { tenantId, id } = endpoint;
  return database.$transaction(async (tx) => {
    const current = await lockTenant(tx, tenantId, 'keep');
    if (current?.profile !== expected.profile || current.profileId !== expected.profileId) return 'other_profile';
    const keys = await lockKeys(tx, tenantId, id);
    if (!keys) return 'not_found';
    const next = rotated(keys, rotation);
    await tx.endpoint.update({ where: { id }, data: next });
    return { ...next, now: keys.now };
  });
}
