import { isQuote, skipString } from './skip-json.ts';

const SPACE = 32;

/**
 * Takes the insignificant white space out of JSON text. Numbers keep their digits, strings their escapes.
 *
 * @param text valid JSON: `JSON.parse` has accepted it
 */
export function minifyJson(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isQuote(code)) {
      index = skipString(text, index);
      continue;
    }
    if (code <= SPACE) {
      if (index > from) kept.push(text.slice(from, index));
      from = index + 1;
    }
    index += 1;
  }
  return from === 0 ? text : kept.join('') + text.slice(from);
}
