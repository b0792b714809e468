import type { IncomingHttpHeaders } from 'node:http';
import { createEchoMask, type Mask } from './mask-echoes.ts';

/** Characters of response headers that are kept, as JSON text. */
const MAX_HEADER_CHARACTERS = 8_192;
/** Response headers whose values are credentials of the receiver. */
const SECRET_HEADERS = new Set(['set-cookie', 'www-authenticate', 'authorization', 'proxy-authenticate']);

/** What the attempt log shows of an answer. */
export interface ShownResponse {
  /** JSON text of an object, credentials masked, as many headers as fit. */
  readonly responseHeaders: string | null;
  /** Bytes that are not UTF-8 became U+FFFD, and so did NUL, which PostgreSQL does not store. */
  readonly responseBody: string | null;
}

function showHeaders(headers: readonly (readonly [name: string, value: string])[], mask: Mask): string {
  const shown: Record<string, string> = {};
  let characters = 2;
  for (const [name, value] of headers) {
    const shownName = mask(name);
    const text = SECRET_HEADERS.has(name) ? '***' : mask(value);
    characters += shownName.length + text.length + 6;
    if (characters > MAX_HEADER_CHARACTERS) break;
    shown[shownName] = text;
  }
  return JSON.stringify(shown);
}

/** @param sent header values that were sent and are masked, also where the receiver repeats them */
export function showResponse(
  headers: IncomingHttpHeaders | null,
  body: Buffer | null,
  sent: readonly string[],
): ShownResponse {
  const entries = headers ? Object.entries(headers).map(([name, value]) => [name, String(value)] as const) : [];
  const text = body && body.toString('utf8').replaceAll('\u0000', '\uFFFD');
  const mask = createEchoMask(sent, [...entries.flat(), text ?? '']);
  return { responseHeaders: headers && showHeaders(entries, mask), responseBody: text && mask(text) };
}
