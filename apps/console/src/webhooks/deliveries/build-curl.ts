/** A request as its attempt recorded it, but for the URL, which is not recorded. */
export interface RecordedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The exact text. */
  readonly payload: string;
}

/** Linux refuses a single argument from 128 KiB on; UTF-8 needs up to three bytes for each of these. */
const MAX_ARGUMENT_CHARACTERS = 40_000;
/** What HTTP calls a token: anything else, above all a leading `@`, means something of its own to curl. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MASK = '***';

/** One word of a POSIX shell, whatever it holds. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function headerWord(name: string, value: unknown): string {
  const text = String(value).replace(/[\r\n\0]+/g, ' ');
  // curl takes `Name:` as "leave it out", and `Name;` as "send it empty".
  return quote(text === '' ? `${name};` : `${name}: ${text}`);
}

/** A command that sends the same request: to the URL given, with the recorded headers, and the exact payload. */
export function buildCurl({ url, headers, payload }: RecordedRequest): string {
  const named = Object.entries(headers).filter(([name]) => HEADER_NAME.test(name));
  const isLong = payload.length > MAX_ARGUMENT_CHARACTERS;
  const words = [
    `curl --globoff -i -X POST --url ${quote(url)}`,
    ...named.map(([name, value]) => `-H ${headerWord(name, value)}`),
    isLong ? '--data-binary @-' : `--data-raw ${quote(payload)}`,
  ].join(' \\\n  ');
  // A shell's own printf has no limit on its arguments.
  return isLong ? `printf %s ${quote(payload)} | ${words}` : words;
}

/** Headers whose values were masked when the attempt was recorded: a receiver that checks them will refuse the command. */
export const maskedHeaders = (headers: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) => (String(value).includes(MASK) ? [name] : []));
