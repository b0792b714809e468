import { isNestedDeeper } from '../raw-json/is-nested-deeper.ts';
import { minifyJson } from '../raw-json/minify-json.ts';

/** A body as it may have been before something changed it. */
export interface BodyVariant {
  readonly body: string;
  /** What was done to it, and what to do about that. */
  readonly message: string;
}

/** What is deeper is not parsed. */
const MAX_LEVELS = 64;
const BYTE_ORDER_MARK = '\ufeff';

const RAW = 'verify the raw bytes, not the parsed JSON';

function parseJson(text: string): { readonly value: unknown } | null {
  if (isNestedDeeper(text, MAX_LEVELS)) return null;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function jsonVariants(body: string): BodyVariant[] {
  const json = parseJson(body);
  if (!json) return [];
  const inner = typeof json.value === 'string' ? [json.value] : [];
  return [
    { body: minifyJson(body), message: `The signature fits the body without white space: ${RAW}.` },
    {
      body: JSON.stringify(json.value),
      message: `The signature fits the body as JSON.stringify writes it, with other escapes or numbers: ${RAW}.`,
    },
    ...inner.map((text) => ({
      body: text,
      message: `The signature fits the text inside this JSON string: the body was encoded once more; ${RAW}.`,
    })),
  ];
}

const withoutLastBreak = (text: string): string => text.replace(/\r?\n$/, '');

function textVariants(body: string): BodyVariant[] {
  const unix = body.replaceAll('\r\n', '\n');
  return [
    {
      body: withoutLastBreak(body),
      message: 'The signature fits the body without the line break at its end: an editor or a shell has added it.',
    },
    {
      body: `${body}\n`,
      message: 'The signature fits the body with a line break at its end, which was cut off: verify the raw bytes.',
    },
    {
      body: unix,
      message: 'The signature fits the body with LF line breaks: something has made them CRLF; verify the raw bytes.',
    },
    {
      body: unix.replaceAll('\n', '\r\n'),
      message: 'The signature fits the body with CRLF line breaks: something has made them LF; verify the raw bytes.',
    },
    {
      body: withoutLastBreak(unix),
      message:
        'The signature fits the body with LF line breaks and none at its end: something has changed them; verify the raw bytes.',
    },
    {
      body: body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body,
      message: 'The signature fits the body without the byte order mark before it: verify the raw bytes.',
    },
    { body: body.trim(), message: 'The signature fits the body without the white space around it.' },
  ];
}

/** What a body may have been before it was parsed, written again, edited or pasted; each once, the likely ones first. */
export function bodyVariants(body: string): BodyVariant[] {
  const tried = new Set([body]);
  return [...jsonVariants(body), ...textVariants(body)].filter((variant) => {
    const isNew = !tried.has(variant.body);
    tried.add(variant.body);
    return isNew;
  });
}
