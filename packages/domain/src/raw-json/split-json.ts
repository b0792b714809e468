import { skipString, skipValue } from './skip-json.ts';

/**
 * The members of an object as they were written. Of a name that stands twice the last wins, as in `JSON.parse`.
 *
 * @param text one JSON object without insignificant white space
 * @returns the text of each value by its (decoded) name
 */
export function splitObject(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let index = 1;
  while (index < text.length - 1) {
    const keyEnd = skipString(text, index);
    const valueEnd = skipValue(text, keyEnd + 1);
    members.set(JSON.parse(text.slice(index, keyEnd)) as string, text.slice(keyEnd + 1, valueEnd));
    index = valueEnd + 1;
  }
  return members;
}

/**
 * The elements of an array as they were written.
 *
 * @param text one JSON array without insignificant white space
 */
export function splitArray(text: string): string[] {
  const elements: string[] = [];
  let index = 1;
  while (index < text.length - 1) {
    const end = skipValue(text, index);
    elements.push(text.slice(index, end));
    index = end + 1;
  }
  return elements;
}
