import type { Comparison } from './comparison.ts';
import { readText } from './read-keyword.ts';

/** `pattern` and `format` */
export function compareTexts({ from, to, kinds, path, asks, note }: Comparison): void {
  if (!kinds.has('string')) return;
  const pattern = readText(to, 'pattern');
  if (pattern !== undefined && !from.some((part) => readText(part, 'pattern') === pattern)) {
    note(path, `must now match ${pattern}`, `need no longer match ${pattern}`);
  }
  const format = readText(to, 'format');
  // A format is not checked when an event is posted, so a new one refuses nobody. But receivers read it as a promise.
  if (format === undefined || asks !== 'receivers' || from.some((part) => readText(part, 'format') === format)) return;
  note(path, `is now of the format ${format}`, `is no longer of the format ${format}`);
}
