import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const KEY_ID_CHARACTERS = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Opened secrets kept in memory, so that a busy endpoint's secret is not decrypted for every delivery. */
const MAX_OPENED = 10_000;

/** Encrypts secrets at rest. `context` names the place a secret belongs to; moved elsewhere it does not open. */
export interface SecretBox {
  /** Of the configured keys, the one that encrypts first. An id says nothing of its key. */
  readonly keyIds: readonly [string, ...string[]];
  seal(plain: string, context: string): string;
  /** @throws when no configured key made it, it was altered, or it belongs to another context */
  open(sealed: string, context: string): string;
}

/** Where in a sealed text its key's id stands, as PostgreSQL's `substr` counts. */
export const SEALED_KEY_ID = { from: VERSION.length + 2, length: KEY_ID_CHARACTERS };

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

const readKey = (text: string): Key => {
  const bytes = Buffer.from(text, 'base64');
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, KEY_ID_CHARACTERS), bytes };
};

function encrypt(key: Key, plain: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, key.id, nonce.toString('base64url'), text.toString('base64url')].join('.');
}

function decrypt(keys: readonly Key[], sealed: string, context: string): string {
  const [version, keyId, nonce = '', text = ''] = sealed.split('.');
  const key = keys.find(({ id }) => id === keyId);
  if (version !== VERSION || !key) throw new Error(`No key in SECRETS_KEY opens this secret (its key is ${keyId})`);
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(nonce, 'base64url'), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

/**
 * AES-256-GCM with a fresh nonce per secret, the key's id beside the text so that keys can rotate.
 *
 * @param secretsKeys 32 bytes each, base64: the first encrypts, all decrypt (`SECRETS_KEY`)
 */
export function createSecretBox(secretsKeys: readonly string[]): SecretBox {
  const keys = secretsKeys.map(readKey);
  const [first, ...others] = keys;
  if (!first) throw new Error('SECRETS_KEY holds no key');
  const opened = new Map<string, string>();
  return {
    keyIds: [first.id, ...others.map(({ id }) => id)],
    seal: (plain, context) => encrypt(first, plain, context),
    open(sealed, context) {
      const place = `${context} ${sealed}`;
      const known = opened.get(place);
      if (known !== undefined) return known;
      const plain = decrypt(keys, sealed, context);
      if (opened.size >= MAX_OPENED) opened.clear();
      opened.set(place, plain);
      return plain;
    },
  };
}
