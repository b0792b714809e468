const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Whether the code opens an object or an array. */
export const opens = (code: number): boolean => code === OPEN_BRACE || code === OPEN_BRACKET;
/** Whether the code closes an object or an array. */
export const closes = (code: number): boolean => code === CLOSE_BRACE || code === CLOSE_BRACKET;
export const isQuote = (code: number): boolean => code === QUOTE;
/** Whether the code stands between values, or before or behind those of an object or array. */
export const isStructure = (code: number): boolean => code === COMMA || opens(code) || closes(code);
/** Whether the code opens an array or closes one, where it opens or closes at all. */
export const isBracket = (code: number): boolean => code === OPEN_BRACKET || code === CLOSE_BRACKET;

/** The index after the string that starts at `start`; one that never ends, ends with the text. */
export function skipString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    index += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

function skipNested(text: string, start: number): number {
  let depth = 0;
  let index = start;
  do {
    const code = text.charCodeAt(index);
    if (opens(code)) depth += 1;
    else if (closes(code)) depth -= 1;
    index = code === QUOTE ? skipString(text, index) : index + 1;
  } while (depth > 0);
  return index;
}

function skipScalar(text: string, start: number): number {
  let index = start;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === COMMA || closes(code)) break;
    index += 1;
  }
  return index;
}

/** The index after the value that starts at `start`, in valid JSON without insignificant white space. */
export function skipValue(text: string, start: number): number {
  const code = text.charCodeAt(start);
  if (code === QUOTE) return skipString(text, start);
  return opens(code) ? skipNested(text, start) : skipScalar(text, start);
}
