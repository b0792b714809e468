/** A string, a mark, or a word (number, true, null). */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
const INDENT = '  ';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** JSON with white space for people; a text that is no JSON stays as it is. Numbers and escapes stay as they were written. */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text;
  const parts: string[] = [];
  let level = 0;
  let before = '';
  const breakLine = (): void => void parts.push('\n', INDENT.repeat(level));
  for (const [token] of text.matchAll(TOKENS)) {
    const opened = before === '{' || before === '[';
    if (token === '}' || token === ']') {
      level -= 1;
      if (!opened) breakLine();
    } else if (opened || before === ',') breakLine();
    parts.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') level += 1;
    before = token;
  }
  return parts.join('');
}
