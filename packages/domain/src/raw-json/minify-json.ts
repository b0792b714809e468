import { closes, isQuote, opens, skipString } from './skip-json.ts';

const SPACE = 32;

/** JSON text without insignificant white space; everything else stands as written. */
export interface MinifiedJson {
  readonly text: string;
  /** Objects and arrays inside each other at the most; 0 for a scalar. */
  readonly depth: number;
}

/**
 * Takes the insignificant white space out of JSON text. Numbers keep their digits, strings their escapes.
 *
 * @param text valid JSON: `JSON.parse` has accepted it
 */
export function minifyJson(text: string): MinifiedJson {
  const kept: string[] = [];
  let from = 0;
  let level = 0;
  let depth = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isQuote(code)) {
      index = skipString(text, index);
      continue;
    }
    if (opens(code)) depth = Math.max(depth, ++level);
    else if (closes(code)) level -= 1;
    else if (code <= SPACE) {
      kept.push(text.slice(from, index));
      from = index + 1;
    }
    index += 1;
  }
  return { text: from === 0 ? text : kept.join('') + text.slice(from), depth };
}
