import { Buffer } from 'node:buffer';
import type { SignatureScheme } from './profile.ts';

const WHSEC_PREFIX = 'whsec_';
/** Standard Webhooks 1.0, "Symmetric keys". */
const WHSEC_MIN_BYTES = 24;
const WHSEC_MAX_BYTES = 64;
/** Whole and padded (RFC 4648, 4): receivers in other languages decode nothing else. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Characters of a secret that a customer brings. */
export const SECRET_MIN_CHARACTERS = 16;
export const SECRET_MAX_CHARACTERS = 256;

/** The HMAC key that a signing secret stands for: its UTF-8 text, or its decoded bytes for `whsec`. */
export function signingKey(format: SignatureScheme['secretFormat'], secret: string): Buffer {
  if (format === 'utf8') return Buffer.from(secret, 'utf8');
  return Buffer.from(secret.startsWith(WHSEC_PREFIX) ? secret.slice(WHSEC_PREFIX.length) : secret, 'base64');
}

/** Makes a new secret's text from 32 random bytes. */
export function formatSecret(bytes: Buffer): string {
  return `${WHSEC_PREFIX}${bytes.toString('base64')}`;
}

/** Why a secret that a customer brought cannot be used with this scheme, or `null` when it can. */
export function secretProblem(format: SignatureScheme['secretFormat'], secret: string): string | null {
  const characters = Array.from(secret).length;
  if (characters < SECRET_MIN_CHARACTERS || characters > SECRET_MAX_CHARACTERS) {
    return `must have ${SECRET_MIN_CHARACTERS} to ${SECRET_MAX_CHARACTERS} characters`;
  }
  if (format === 'utf8') return null;
  const text = secret.startsWith(WHSEC_PREFIX) ? secret.slice(WHSEC_PREFIX.length) : '';
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64').length : 0;
  if (bytes >= WHSEC_MIN_BYTES && bytes <= WHSEC_MAX_BYTES) return null;
  return `must be ${WHSEC_PREFIX} followed by the base64 of ${WHSEC_MIN_BYTES} to ${WHSEC_MAX_BYTES} bytes`;
}
