import { unquote } from './parse-search.ts';

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What would be read as another text goes in quotes. */
const write = (value: unknown): string =>
  unquote(String(value)) === null ? String(value) : JSON.stringify(String(value));

/** Writes what `parseSearch` reads, with its question mark; a list as its name several times. What has no text is left out. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(search).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isPlain).map((each) => [name, write(each)]),
  );
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '' : `?${text}`;
}
