import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { decodeTypeId, encodeTypeId } from '@posthorn/domain/type-id';

const PREFIX = 'ph';
const SECRET_BYTES = 32;
const CHECKSUM_CHARACTERS = 7;
const SHAPE = new RegExp(`^(${PREFIX}_([0-9a-z]{26})_[A-Za-z0-9_-]{43})([0-9a-z]{${CHECKSUM_CHARACTERS}})$`);
const KEY_ID_PREFIX = 'key_';

/** A key's SHA-256. Keys are random, so a slow digest would protect nothing and cost every request. */
export const digestOf = (key: string): Buffer => hash('sha256', key, 'buffer');

/** Compares in constant time; both are digests of the same length. */
export const sameDigest = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** No secret: by it a scanner knows a real key in a leak, and a mistyped one costs no query. */
const checksumOf = (text: string): string => crc32(text).toString(36).padStart(CHECKSUM_CHARACTERS, '0');

/** Makes a tenant's key, `ph_<id>_<secret><checksum>`: what is shown once, and what is stored. */
export function makeApiKey(keyId: string): { readonly key: string; readonly prefix: string; readonly digest: Buffer } {
  const prefix = `${PREFIX}_${encodeTypeId('apiKey', keyId).slice(KEY_ID_PREFIX.length)}`;
  const secret = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const key = `${secret}${checksumOf(secret)}`;
  return { key, prefix, digest: digestOf(key) };
}

/** The id (UUID) that a key carries, or `null` when it has not the shape of a tenant's key, its checksum included. */
export function keyIdOf(key: string): string | null {
  const [, text = '', suffix, checksum] = SHAPE.exec(key) ?? [];
  return suffix === undefined || checksum !== checksumOf(text)
    ? null
    : decodeTypeId('apiKey', `${KEY_ID_PREFIX}${suffix}`);
}
