import { encodeTypeId } from '@posthorn/domain/type-id';
import type { SecretBox } from '@posthorn/store/create-secret-box';
import type { SealedSecrets } from '@posthorn/store/operator/list-sealed-secrets';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { Profile } from '@posthorn/wire/profile';
import { algorithmOf, secretProblem } from '@posthorn/wire/signing-key';
import { conflict } from '../../http/app-error.ts';

/** Endpoints that a refusal names. */
const MAX_NAMED = 5;

/**
 * Secrets that a customer brought may be no keys for another scheme: then nothing could be signed.
 *
 * @throws AppError `conflict` that names the endpoints and what to do
 */
export function checkSecretsFit(
  secretBox: SecretBox,
  { signature }: Profile,
  endpoints: readonly SealedSecrets[],
): void {
  const fits = (id: string, sealed: string | null, publicKey: string | null): boolean => {
    if (sealed === null) return true;
    if (publicKey !== null) return signature.keyPair !== null;
    if (signature.secretFormat === 'utf8') return true;
    const secret = secretBox.open(sealed, sealedFor(id, 'secret'));
    return algorithmOf(signature, secret) === 'hmac-sha256' && secretProblem(signature, secret) === null;
  };
  const unfit = endpoints.filter(
    ({ id, secretSealed, nextSecretSealed, publicKey, nextPublicKey }) =>
      !fits(id, secretSealed, publicKey) || !fits(id, nextSecretSealed, nextPublicKey),
  );
  if (unfit.length === 0) return;
  const names = unfit.slice(0, MAX_NAMED).map(({ id }) => encodeTypeId('endpoint', id));
  const needed = signature.secretFormat === 'whsec' ? 'whsec_ secrets' : 'shared secrets';
  const more = unfit.length > MAX_NAMED ? ` and ${unfit.length - MAX_NAMED} more` : '';
  throw conflict(
    `This profile needs ${needed}, which ${names.join(', ')}${more} do not have: rotate their secrets with overlap_seconds 0 and signature_algorithm hmac-sha256 first.`,
  );
}
