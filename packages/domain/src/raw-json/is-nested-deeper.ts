import { closes, isQuote, opens, skipString } from './skip-json.ts';

/**
 * Whether objects and arrays stand inside each other on more than so many levels. It reads any text, JSON or not, and
 * stops where it knows, so it can be asked before a parser pays for what is deep.
 */
export function isNestedDeeper(text: string, levels: number): boolean {
  let level = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isQuote(code)) {
      index = skipString(text, index);
      continue;
    }
    if (opens(code)) level += 1;
    else if (closes(code)) level -= 1;
    if (level > levels) return true;
    index += 1;
  }
  return false;
}
