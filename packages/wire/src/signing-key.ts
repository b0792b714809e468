import { Buffer } from 'node:buffer';
import type { KeyObject } from 'node:crypto';
import { openPrivateKey, PRIVATE_KEY_PREFIX, readKeyPair } from './key-pair.ts';
import type { SignatureScheme } from './profile.ts';
import { readBase64 } from './read-base64.ts';

const WHSEC_PREFIX = 'whsec_';
/** Standard Webhooks 1.0, "Symmetric keys". */
const WHSEC_MIN_BYTES = 24;
const WHSEC_MAX_BYTES = 64;

/** Characters of a secret that a customer brings. */
export const SECRET_MIN_CHARACTERS = 16;
export const SECRET_MAX_CHARACTERS = 256;

/** The two ways to sign: with a shared secret, or with a key pair. */
export type SignatureAlgorithm = 'hmac-sha256' | 'ed25519';

/** The parts of a scheme that tell what its secrets are. */
export type SecretRules = Pick<SignatureScheme, 'secretFormat' | 'keyPair'>;

/** What signs: the HMAC's key, or an ed25519 private key. */
export type SigningKey =
  | { readonly algorithm: 'hmac-sha256'; readonly key: Buffer }
  | { readonly algorithm: 'ed25519'; readonly key: KeyObject };

/** Which of the two a secret is meant for under a scheme: the prefix tells, where the scheme knows key pairs. */
export const algorithmOf = ({ keyPair }: Pick<SecretRules, 'keyPair'>, secret: string): SignatureAlgorithm =>
  keyPair !== null && secret.startsWith(PRIVATE_KEY_PREFIX) ? keyPair.algorithm : 'hmac-sha256';

/** The key of an HMAC: the secret's UTF-8 text, or its decoded bytes for `whsec`. */
export function hmacKey(format: SignatureScheme['secretFormat'], secret: string): Buffer {
  if (format === 'utf8') return Buffer.from(secret, 'utf8');
  return Buffer.from(secret.startsWith(WHSEC_PREFIX) ? secret.slice(WHSEC_PREFIX.length) : secret, 'base64');
}

/** Whether a receiver's secret is of a form that can verify: what is no base64 is no key, a public key least of all. */
export const isHmacSecret = (format: SignatureScheme['secretFormat'], secret: string): boolean =>
  format === 'utf8' ||
  readBase64('', secret.startsWith(WHSEC_PREFIX) ? secret.slice(WHSEC_PREFIX.length) : secret) !== null;

/**
 * The key that a signing secret stands for. An older contract's event may be signed with a secret that was brought to
 * another one, as text: it is a key pair only where it is a whole one.
 */
export function signingKey(rules: SecretRules, secret: string): SigningKey {
  const key = rules.keyPair === null ? null : openPrivateKey(secret);
  if (key) return { algorithm: 'ed25519', key };
  return { algorithm: 'hmac-sha256', key: hmacKey(rules.secretFormat, secret) };
}

/** Makes a new secret's text from 32 random bytes. */
export function formatSecret(bytes: Buffer): string {
  return `${WHSEC_PREFIX}${bytes.toString('base64')}`;
}

function whsecProblem(secret: string, orKeyPair: boolean): string | null {
  const bytes = readBase64(WHSEC_PREFIX, secret)?.length ?? 0;
  if (bytes >= WHSEC_MIN_BYTES && bytes <= WHSEC_MAX_BYTES) return null;
  const or = orKeyPair ? ', or whsk_ followed by that of an ed25519 private key' : '';
  return `must be ${WHSEC_PREFIX} followed by the base64 of ${WHSEC_MIN_BYTES} to ${WHSEC_MAX_BYTES} bytes${or}`;
}

/** Why a secret that a customer brought cannot be used with this scheme, or `null` when it can. */
export function secretProblem(rules: SecretRules, secret: string): string | null {
  const characters = Array.from(secret).length;
  if (characters < SECRET_MIN_CHARACTERS || characters > SECRET_MAX_CHARACTERS) {
    return `must have ${SECRET_MIN_CHARACTERS} to ${SECRET_MAX_CHARACTERS} characters`;
  }
  if (algorithmOf(rules, secret) === 'ed25519') {
    return readKeyPair(secret)
      ? null
      : 'must be whsk_ followed by the base64 of an ed25519 seed (32 bytes), or of the seed and its public key (64 bytes)';
  }
  return rules.secretFormat === 'utf8' ? null : whsecProblem(secret, rules.keyPair !== null);
}
