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

/** Unix seconds. */
export const anyTimestamp = fc.integer({ min: 0, max: 99_999_999_999 });

/** A text that survives UTF-8, as everything does that came over HTTP. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
