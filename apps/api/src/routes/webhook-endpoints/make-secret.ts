import { randomBytes } from 'node:crypto';
import type { FieldProblem } from '@posthorn/http-api/problem';
import { keyPairOf, readKeyPair } from '@posthorn/wire/key-pair';
import type { Profile } from '@posthorn/wire/profile';
import { algorithmOf, formatSecret, type SignatureAlgorithm, secretProblem } from '@posthorn/wire/signing-key';
import { invalid } from '../../http/app-error.ts';

const SECRET_BYTES = 32;

/** What a client asks for: its own secret, or a way to sign. */
export interface WantedSecret {
  readonly secret?: string | undefined;
  readonly signature_algorithm?: SignatureAlgorithm | undefined;
}

/** A signing secret, as text that is yet to be sealed. */
export interface NewSecret {
  readonly secret: string;
  /** Of a key pair; `null` for a shared secret. */
  readonly publicKey: string | null;
}

/** Why this secret, or this way to sign, is not to be had under the profile. */
export function wantedSecretProblems(
  { name, signature }: Profile,
  { secret, signature_algorithm: algorithm }: WantedSecret,
): FieldProblem[] {
  if (algorithm === 'ed25519' && signature.keyPair === null) {
    const message = `must be hmac-sha256: the profile ${name} knows no key pairs, as standard-webhooks does`;
    return [{ path: 'signature_algorithm', message }];
  }
  if (secret === undefined) return [];
  const problem = secretProblem(signature, secret);
  if (problem) return [{ path: 'secret', message: problem }];
  const brought = algorithmOf(signature, secret);
  if (algorithm === undefined || algorithm === brought) return [];
  return [{ path: 'signature_algorithm', message: `must be ${brought}, which the secret is for, or be left out` }];
}

/**
 * The secret that the client brought, or a new one of the kind it wants.
 *
 * @param usual the kind that is made when the client names none
 * @throws AppError `invalid`
 */
export function makeSecret(profile: Profile, wanted: WantedSecret, usual: SignatureAlgorithm): NewSecret {
  const problems = wantedSecretProblems(profile, wanted);
  if (problems.length > 0) throw invalid(...problems);
  const { secret, signature_algorithm: algorithm = usual } = wanted;
  const isPair = secret === undefined ? algorithm === 'ed25519' : algorithmOf(profile.signature, secret) === 'ed25519';
  if (!isPair) return { secret: secret ?? formatSecret(randomBytes(SECRET_BYTES)), publicKey: null };
  const pair = (secret === undefined ? null : readKeyPair(secret)) ?? keyPairOf(randomBytes(SECRET_BYTES));
  return { secret: pair.privateKey, publicKey: pair.publicKey };
}

/** What a client is shown of a secret, this once: a private key is none of it. */
export const shownSecret = ({ secret, publicKey }: NewSecret): string | null => (publicKey === null ? secret : null);
