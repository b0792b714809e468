import { PRIVATE_KEY_PREFIX, PUBLIC_KEY_PREFIX, readKeyPair } from '@posthorn/wire/key-pair';
import type { SignatureScheme } from '@posthorn/wire/profile';
import { readBase64 } from '@posthorn/wire/read-base64';
import { isHmacSecret } from '@posthorn/wire/signing-key';

/** A secret that somebody verifies with: in the form that {@link verify} takes, or why it has none. */
export type ReadSecret = { readonly usable: string } | { readonly problem: string };

const PUBLIC_KEY_BYTES = 32;
const WHSEC_PREFIX = 'whsec_';

/** Reads a secret under a scheme; of a private key it makes the public one. What it says holds nothing of the secret. */
export function readSecret({ keyPair, secretFormat }: SignatureScheme, secret: string): ReadSecret {
  const isPublic = secret.startsWith(PUBLIC_KEY_PREFIX);
  if (keyPair === null && isPublic)
    return { problem: 'The secret is a public key, but this profile signs with shared secrets alone.' };
  if (keyPair !== null && isPublic) {
    if (readBase64(PUBLIC_KEY_PREFIX, secret)?.length === PUBLIC_KEY_BYTES) return { usable: secret };
    return { problem: 'The public key is not whole: it is whpk_ and the base64 of 32 bytes.' };
  }
  if (keyPair !== null && secret.startsWith(PRIVATE_KEY_PREFIX)) {
    const pair = readKeyPair(secret);
    return pair ? { usable: pair.publicKey } : { problem: 'The private key is not whole; verify with the public one.' };
  }
  if (isHmacSecret(secretFormat, secret)) return { usable: secret };
  return { problem: 'The secret is not base64: copy the whole of it, whsec_ included.' };
}

/** A secret without what was pasted along with it. */
export interface SecretVariant {
  readonly secret: string;
  readonly message: string;
}

/** What a secret may be that was pasted with something else. */
export function secretVariants(secret: string): SecretVariant[] {
  const trimmed = secret.trim();
  const variants = [
    { secret: trimmed, message: 'The secret fits without the white space around it: cut that off.' },
    {
      secret: trimmed.replace(/^(["'`])(.*)\1$/s, '$2'),
      message: 'The secret fits without the quotes around it: cut those off.',
    },
    {
      secret: trimmed.startsWith(WHSEC_PREFIX) ? trimmed.slice(WHSEC_PREFIX.length) : `${WHSEC_PREFIX}${trimmed}`,
      message: trimmed.startsWith(WHSEC_PREFIX)
        ? 'The secret fits without whsec_ before it: the sender signs with the text behind that.'
        : 'The secret fits with whsec_ before it: that is part of this profile’s key.',
    },
  ];
  return variants.filter((variant) => variant.secret !== secret);
}
