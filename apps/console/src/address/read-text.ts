/** PostgreSQL text holds no NUL, and UTF-8 no lone surrogate. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * A text of an address that the API would take; `null` for anything else.
 *
 * @param maxCharacters counted as the API does, in code points
 */
export function readText(value: unknown, maxCharacters: number): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  if (text === '' || text.length > 2 * maxCharacters || UNSTORABLE.test(text)) return null;
  return Array.from(text).length > maxCharacters ? null : text;
}
