import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readBase64 } from './read-base64.ts';

/** Standard Webhooks 1.0: prefixes of a serialised ed25519 key pair. */
export const PRIVATE_KEY_PREFIX = 'whsk_';
export const PUBLIC_KEY_PREFIX = 'whpk_';

/** Bytes of an ed25519 seed, and of a public key (RFC 8032, 5.1.5). */
const KEY_BYTES = 32;

/** An ed25519 key pair as texts. */
export interface KeyPair {
  /** `whsk_` and the base64 of the seed followed by the public key: 64 bytes. It signs, and never leaves the sender. */
  readonly privateKey: string;
  /** `whpk_` and the base64 of 32 bytes. Receivers verify with it; it is no secret. */
  readonly publicKey: string;
}

// As JWK, since node:crypto takes ten times as long to read a key from DER. Of a private one it reads the seed alone.
const jwk = (x: Buffer) => ({ kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') });
const privateKeyOf = (seed: Buffer, x: Buffer): KeyObject =>
  createPrivateKey({ key: { ...jwk(x), d: seed.toString('base64url') }, format: 'jwk' });

function publicBytes(seed: Buffer): Buffer {
  const { x = '' } = createPublicKey(privateKeyOf(seed, seed)).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

/** The key pair of a seed of 32 random bytes. */
export function keyPairOf(seed: Buffer): KeyPair {
  const x = publicBytes(seed);
  return {
    privateKey: `${PRIVATE_KEY_PREFIX}${Buffer.concat([seed, x]).toString('base64')}`,
    publicKey: `${PUBLIC_KEY_PREFIX}${x.toString('base64')}`,
  };
}

/**
 * Reads a private key that somebody brought: the seed alone (32 bytes), or with its public key behind it (64 bytes).
 *
 * @returns `null` when it is neither, or the two do not belong together
 */
export function readKeyPair(text: string): KeyPair | null {
  const bytes = readBase64(PRIVATE_KEY_PREFIX, text);
  if (bytes?.length !== KEY_BYTES && bytes?.length !== 2 * KEY_BYTES) return null;
  const pair = keyPairOf(bytes.subarray(0, KEY_BYTES));
  return bytes.length === KEY_BYTES || pair.privateKey === text ? pair : null;
}

/** The key that signs, from the whole form of {@link KeyPair.privateKey}; `null` when it is not of that form. */
export function openPrivateKey(privateKey: string): KeyObject | null {
  const bytes = readBase64(PRIVATE_KEY_PREFIX, privateKey);
  if (bytes?.length !== 2 * KEY_BYTES) return null;
  return privateKeyOf(bytes.subarray(0, KEY_BYTES), bytes.subarray(KEY_BYTES));
}

/**
 * The key that verifies.
 *
 * @throws TypeError when the text is not {@link KeyPair.publicKey}
 */
export function openPublicKey(publicKey: string): KeyObject {
  const bytes = readBase64(PUBLIC_KEY_PREFIX, publicKey);
  if (bytes?.length !== KEY_BYTES) throw new TypeError('A public key is whpk_ and the base64 of 32 bytes');
  return createPublicKey({ key: jwk(bytes), format: 'jwk' });
}
