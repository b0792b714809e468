/**
 * Reads the part of an address that follows its path: every value is a text, and a name that is there several times a list
 * of texts. Addresses of earlier versions hold texts that look like JSON in quotes, as JSON has them.
 *
 * @param text with or without its question mark
 */
export function parseSearch(text: string): Record<string, string | string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    found.set(name, [...(found.get(name) ?? []), unquote(value) ?? value]);
  }
  return Object.fromEntries(
    [...found].map(([name, [first = '', ...more]]) => [name, more.length ? [first, ...more] : first]),
  );
}

/** The text that a JSON text stands for; `null` for what is none. */
export function unquote(text: string): string | null {
  if (!text.startsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
