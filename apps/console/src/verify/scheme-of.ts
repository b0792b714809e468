import type { Profile } from '@posthorn/http-api/profile';
import type { SignatureScheme } from '@posthorn/wire/profile';

/** How a profile signs, as the writers of verifiers take it. @param signature as the API shows it */
export const schemeOf = ({ secret_format, key_pair, ...same }: Profile['signature']): SignatureScheme => ({
  ...same,
  secretFormat: secret_format,
  keyPair: key_pair,
});
