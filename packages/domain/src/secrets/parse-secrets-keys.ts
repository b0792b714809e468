/** Bytes of an AES-256 key. */
export const SECRETS_KEY_BYTES = 32;

/** The keys that `SECRETS_KEY` lists, base64, the first first; `null` when one has not the right length. */
export function parseSecretsKeys(text: string): readonly string[] | null {
  const keys = text.split(',').map((key) => key.trim());
  return keys.every((key) => Buffer.from(key, 'base64').length === SECRETS_KEY_BYTES) ? keys : null;
}
