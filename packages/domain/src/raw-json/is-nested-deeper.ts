import { closes, isQuote, opens, skipString } from './skip-json.ts';

/**
 * Whether objects and arrays stand inside each other on more than so many levels. It reads any text, JSON or not, and
 * stops where it knows, so it can be asked before a parser pays for what is deep.
 */
export function isNestedDeeper(text: string, levels: number): boolean {
  let level = 0;
  let index = 0;
  while (index < text.length && level <= levels) {
    const code = text.charCodeAt(index);
    if (opens(code)) level += 1;
    else if (closes(code)) level -= 1;
    index = isQuote(code) ? skipString(text, index) : index + 1;
  }
  return level > levels;
}
