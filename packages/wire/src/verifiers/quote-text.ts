/** How a language writes what is not printable ASCII inside quotes. */
type Escape = (codePoint: number) => string;

const hex = (codePoint: number, digits: number): string => codePoint.toString(16).padStart(digits, '0');

/** `\u{e9}`: TypeScript, PHP, Ruby. */
export const bracedEscape: Escape = (codePoint) => `\\u{${hex(codePoint, 1)}}`;

/** `\u00e9` or `\U0001f600`: Go. */
export const longEscape: Escape = (codePoint) =>
  codePoint > 0xff_ff ? `\\U${hex(codePoint, 8)}` : `\\u${hex(codePoint, 4)}`;

/** The bytes of its UTF-8, `\xc3\xa9`: Python, whose byte strings hold no other characters. */
export const byteEscape: Escape = (codePoint) =>
  encodeURIComponent(String.fromCodePoint(codePoint)).toLowerCase().replaceAll('%', '\\x');

/** A text as it stands between quotes: what is in `special` gets a backslash, what is not printable an escape. */
export const escapeText = (text: string, special: RegExp, escape: Escape): string =>
  text.replaceAll(special, '\\$&').replaceAll(/[^\x20-\x7e]/gu, (character) => escape(character.codePointAt(0) ?? 0));

/** A text as a pattern that matches it alone. Every language here takes a backslash before any punctuation. */
export const escapePattern = (text: string): string => text.replaceAll(/[^\w=:,;-]/g, '\\$&');
