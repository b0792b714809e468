import { profiles } from '@posthorn/wire/profiles';
import { nextSignatureHeader } from '@posthorn/wire/sign';
import { z } from 'zod';

const MAX_HEADERS = 20;
const VALUE_MAX_CHARACTERS = 4_096;
const TOTAL_MAX_BYTES = 8_192;
const NAME = /^[A-Za-z0-9-]{1,64}$/;
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Hop-by-hop, about the body, or ours: a customer's value would break or forge the request. */
const REFUSED = new Set([
  'accept-encoding',
  'connection',
  'cookie',
  'content-length',
  'date',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'max-forwards',
  'range',
  'te',
  'trailer',
  'trailers',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  ...profiles.flatMap(({ signature }) => [
    signature.header.toLowerCase(),
    nextSignatureHeader(signature).toLowerCase(),
    ...signature.headers.map(({ name }) => name.toLowerCase()),
  ]),
]);
const REFUSED_PREFIXES = ['content-', 'proxy-', 'webhook-', 'x-forwarded-', 'x-posthorn-'];

function nameProblem(name: string): string | null {
  if (!NAME.test(name)) return 'must be named with 1 to 64 letters, digits and dashes';
  const lower = name.toLowerCase();
  const refused = REFUSED.has(lower) || REFUSED_PREFIXES.some((prefix) => lower.startsWith(prefix));
  return refused ? 'must not be set: it belongs to the connection or to the delivery itself' : null;
}

/** What answers show in place of a value. */
export const MASKED_HEADER = '***';

function valueProblem(value: unknown): string | null {
  // Whoever writes back what was read would send stars to the receiver.
  if (value === MASKED_HEADER)
    return `must not be ${MASKED_HEADER}, which hides the value: send that, or leave headers out`;
  const valid = typeof value === 'string' && value.length <= VALUE_MAX_CHARACTERS && PRINTABLE.test(value);
  return valid ? null : `must be 1 to ${VALUE_MAX_CHARACTERS} printable ASCII characters without spaces at the ends`;
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);

function sizeProblem(entries: readonly (readonly [string, unknown])[]): string | null {
  if (entries.length > MAX_HEADERS) return `must be at most ${MAX_HEADERS} headers`;
  if (new Set(entries.map(([name]) => name.toLowerCase())).size < entries.length) return 'must not name a header twice';
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + lengthOf(value), 0);
  return bytes > TOTAL_MAX_BYTES ? `must be at most ${TOTAL_MAX_BYTES} bytes in all` : null;
}

function checkHeaders(value: unknown, context: z.core.$RefinementCtx): void {
  const add = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return add([], 'must be an object of texts');
  const entries = Object.entries(value);
  const size = sizeProblem(entries);
  if (size) return add([], size);
  for (const [name, text] of entries) {
    const problem = nameProblem(name) ?? valueProblem(text);
    if (problem) add([name], problem);
  }
}

/** A customer's own request headers. Checked as a whole, since a record would drop a key like `__proto__` unseen. */
export const endpointHeaders: z.ZodType<Readonly<Record<string, string>>> = z
  .any()
  .superRefine(checkHeaders)
  .meta({
    description: 'Sent with every delivery. Values are kept sealed and shown as `***`, which is refused as a value.',
    override: {
      type: 'object',
      maxProperties: MAX_HEADERS,
      additionalProperties: { type: 'string', maxLength: VALUE_MAX_CHARACTERS },
    },
  });
