import { Buffer } from 'node:buffer';
import fc from 'fast-check';

/** Texts as bodies can be: JSON, any Unicode, and nothing at all. */
export const anyBody = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 200 }).map(wellFormed),
  fc.constant(''),
);

/** Secrets as Posthorn makes them. */
export const anySecret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);

/** Secrets that customers bring to a profile whose key is the secret's text. */
export const anyOwnSecret = fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 256 });

/** Objects as events carry them, as text. */
export const anyObjectText = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
  .map((value) => JSON.stringify(value));

/** Unix seconds. */
export const anyTimestamp = fc.integer({ min: 0, max: 99_999_999_999 });

/** A text that survives UTF-8, as everything does that came over HTTP. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
