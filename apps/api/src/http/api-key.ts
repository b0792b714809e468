import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { decodeTypeId, encodeTypeId } from '@posthorn/domain/type-id';

const PREFIX = 'ph';
const SECRET_BYTES = 32;
const SHAPE = new RegExp(`^${PREFIX}_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$`);
const KEY_ID_PREFIX = 'key_';

/** A key's SHA-256. Keys are random, so a slow digest would protect nothing and cost every request. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Compares in constant time; both are digests of the same length. */
export const sameDigest = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Makes a tenant's key, `ph_<id>_<secret>`: what is shown once, and what is stored. */
export function makeApiKey(keyId: string): { readonly key: string; readonly prefix: string; readonly digest: Buffer } {
  const prefix = `${PREFIX}_${encodeTypeId('apiKey', keyId).slice(KEY_ID_PREFIX.length)}`;
  const key = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { key, prefix, digest: digestOf(key) };
}

/** The id (UUID) that a key carries, or `null` when it does not have the shape of a tenant's key. */
export function keyIdOf(key: string): string | null {
  const suffix = SHAPE.exec(key)?.[1];
  return suffix === undefined ? null : decodeTypeId('apiKey', `${KEY_ID_PREFIX}${suffix}`);
}
