import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';

/** Of a PEM text with a private key; RSA with 4,096 bits needs four fifths of it. */
export const CLIENT_KEY_MAX_CHARACTERS = 4_096;
const RSA_MIN_BITS = 2_048;
/** A signature with twice as many costs seven times the processor time, in every handshake. */
const RSA_MAX_BITS = 4_096;
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;
const KINDS = new Set(['rsa', 'ec', 'ed25519']);

/** A private key as PEM (PKCS #8), or what is wrong with it, as a sentence that goes on after the field's name. */
export type ReadClientKey =
  | { readonly ok: true; readonly pem: string }
  | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): ReadClientKey => ({ ok: false, problem });

function parse(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

function kindProblem({ asymmetricKeyType: kind, asymmetricKeyDetails: details }: KeyObject): string | null {
  if (!KINDS.has(kind ?? '')) return 'must be an RSA, EC or Ed25519 key';
  const bits = details?.modulusLength;
  const fits = bits === undefined || (bits >= RSA_MIN_BITS && bits <= RSA_MAX_BITS);
  return fits ? null : `must have ${RSA_MIN_BITS} to ${RSA_MAX_BITS} bits, being an RSA key`;
}

/** Reads the private key that belongs to a certificate. No message repeats any of it. */
export function readClientKey(text: string, certificate: X509Certificate): ReadClientKey {
  if (ENCRYPTED.test(text)) return refuse('must not be encrypted: take its passphrase off, it is sealed here');
  const key = parse(text);
  if (key === null) return refuse('must be one private key in PEM: -----BEGIN PRIVATE KEY----- and so on');
  const problem = kindProblem(key);
  if (problem) return refuse(problem);
  if (!certificate.checkPrivateKey(key))
    return refuse('does not belong to the first certificate of client_certificate');
  return { ok: true, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
