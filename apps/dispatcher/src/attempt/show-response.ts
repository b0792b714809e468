import type { IncomingHttpHeaders } from 'node:http';
import type { Mask } from './mask-echoes.ts';

/** Characters of response headers that are kept, as JSON text. */
const MAX_HEADER_CHARACTERS = 8_192;
/** Response headers whose values are credentials of the receiver. */
const SECRET_HEADERS = new Set(['set-cookie', 'www-authenticate', 'authorization', 'proxy-authenticate']);

/** The headers as JSON text, credentials masked, as many as fit. */
export function showResponseHeaders(headers: IncomingHttpHeaders | null, mask: Mask): string | null {
  if (headers === null) return null;
  const shown: Record<string, string> = {};
  let characters = 2;
  for (const [name, value] of Object.entries(headers)) {
    const text = SECRET_HEADERS.has(name) ? '***' : mask(String(value));
    const shownName = mask(name);
    characters += shownName.length + text.length + 6;
    if (characters > MAX_HEADER_CHARACTERS) break;
    shown[shownName] = text;
  }
  return JSON.stringify(shown);
}

/** The body as text: bytes that are not UTF-8 become U+FFFD, and so does NUL, which PostgreSQL does not store. */
export function showResponseBody(body: Buffer | null, mask: Mask): string | null {
  return body && mask(body.toString('utf8').replaceAll('\u0000', '\uFFFD'));
}
