import { readShellWords } from './read-shell-words.ts';

/** A request as the signature check wants it: headers as lines `Name: value`, and the exact body. */
export interface PastedRequest {
  readonly headers: string;
  readonly body: string;
}

const REQUEST_LINE = /^[A-Z]{3,10} \S+ HTTP\/\d(?:\.\d)?$/;
const HEADER_LINE = /^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+:/;
const BLANK = /\r?\n[\t ]*\r?\n/;
const CURL = /^\s*(?:\$\s+)?curl(?:\.exe)?\s/;

/** A value that goes on in the next line, as old servers wrote it. */
const unfold = (head: string): string => head.replaceAll(/\r?\n[\t ]+/g, ' ');

const linesOf = (head: string): string[] =>
  unfold(head)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');

function parseRawHttp(text: string): PastedRequest | null {
  const start = text.replace(/^\s+/, '');
  const blank = BLANK.exec(start);
  const head = linesOf(blank ? start.slice(0, blank.index) : start.replace(/\s+$/, ''));
  const first = head[0] ?? '';
  const hasLine = REQUEST_LINE.test(first.trimEnd());
  const headers = (hasLine ? head.slice(1) : head).map((line) => line.trim());
  if (headers.length === 0 || !headers.every((line) => HEADER_LINE.test(line))) return null;
  // Headers alone are no whole request: they are what the field is for.
  if (!hasLine && !blank) return null;
  return { headers: headers.join('\n'), body: blank ? start.slice(blank.index + blank[0].length) : '' };
}

/** Options that bring a header. A name that ends in `;` stands for a header without a value. */
const headerOf: Readonly<Record<string, (value: string) => string>> = {
  '-H': (value) => value.replace(/^([^:]*);$/, '$1:'),
  '-A': (value) => `User-Agent: ${value}`,
  '-e': (value) => `Referer: ${value}`,
  '-b': (value) => `Cookie: ${value}`,
};
const longHeader: Readonly<Record<string, string>> = {
  '--header': '-H',
  '--user-agent': '-A',
  '--referer': '-e',
  '--cookie': '-b',
};
/** Behind flags that take no value, as in `-sSH`. */
const SHORT = /^-[sSkLivfgN#]*([HAebd])([\s\S]*)$/;
const LONG = /^(--[a-z-]+)(?:=([\s\S]*))?$/;
const BODY = /^--(?:data|data-raw|data-binary|data-ascii|json)$/;

interface CurlOption {
  readonly name: string;
  readonly value: string;
}

/** An option that matters, with the value that stands in the same word, if there is one. */
function readOption(word: string): { readonly name: string; readonly value: string | undefined } | null {
  const [, long, joined] = LONG.exec(word) ?? [];
  if (long !== undefined) {
    const name = longHeader[long] ?? long;
    return name.startsWith('--') && !BODY.test(name) ? null : { name, value: joined };
  }
  const [, short, glued] = SHORT.exec(word) ?? [];
  return short === undefined ? null : { name: `-${short}`, value: glued === '' ? undefined : glued };
}

/** Options with their values, whether these stand apart, behind `=` or, of short options, at once. */
function readOptions(words: readonly string[]): CurlOption[] {
  const found: CurlOption[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const option = readOption(words[index] ?? '');
    if (!option) continue;
    if (option.value === undefined) index += 1;
    found.push({ name: option.name, value: option.value ?? words[index] ?? '' });
  }
  return found;
}

function parseCurl(text: string): PastedRequest | null {
  if (!CURL.test(text)) return null;
  const options = readOptions(readShellWords(text.trim().replace(/^\$\s+/, '')).slice(1));
  const headers = options.flatMap(({ name, value }) => headerOf[name]?.(value) ?? []);
  const bodies = options.filter(({ name }) => name === '-d' || BODY.test(name));
  const separator = bodies.some(({ name }) => name === '--json') ? '' : '&';
  return { headers: headers.join('\n'), body: bodies.map(({ value }) => value).join(separator) };
}

/**
 * Splits a whole request that somebody pasted: raw HTTP (request line, headers, blank line, body; line ends of either
 * kind), headers with a body behind a blank line, or a `curl` command.
 *
 * @returns `null` when it is none of these, for example headers alone
 */
export const parsePastedRequest = (text: string): PastedRequest | null => parseCurl(text) ?? parseRawHttp(text);
