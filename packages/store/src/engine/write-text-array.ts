/** What JSON would write in a way of its own: control characters up to U+001F, and halves of surrogate pairs. */
const ESCAPED_BY_JSON = /[^\P{Cc}\x7f-\x9f]|\p{Surrogate}/u;

const writeElement = (text: string): string =>
  ESCAPED_BY_JSON.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : JSON.stringify(text);

/**
 * Writes texts as PostgreSQL reads a `text[]`. The driver does so too, but takes half a second for 4 MiB of quotes: for what is
 * otherwise alike, JSON's strings are those of an array, and a tenth of the work.
 */
export const writeTextArray = (texts: readonly string[]): string => `{${texts.map(writeElement).join(',')}}`;
