import { Buffer } from 'node:buffer';

/** Whole and padded (RFC 4648, 4): receivers in other languages decode nothing else. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of a text that is `prefix` and their base64, or `null` when it is not. */
export function readBase64(prefix: string, text: string): Buffer | null {
  if (!text.startsWith(prefix)) return null;
  const encoded = text.slice(prefix.length);
  return BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : null;
}
