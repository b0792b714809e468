import { isObject } from './schema-node.ts';

const MAX_DEPTH_LEVELS = 64;

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

/**
 * One text for all ways to write a JSON value.
 *
 * @returns `null` for a value that nests deeper than {@link MAX_DEPTH_LEVELS}
 */
export function writeCanonical(value: unknown, levels = MAX_DEPTH_LEVELS): string | null {
  if (levels === 0) return null;
  // JSON.parse makes infinities of numbers that are too large, and JSON.stringify makes `null` of them.
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? null;
  const texts = isObject(value)
    ? Object.entries(value)
        .sort(byKey)
        .map(([key, inner]) => [JSON.stringify(key), writeCanonical(inner, levels - 1)] as const)
    : (value as unknown[]).map((inner) => ['', writeCanonical(inner, levels - 1)] as const);
  if (texts.some(([, text]) => text === null)) return null;
  const body = texts.map(([key, text]) => (key === '' ? text : `${key}:${text}`)).join(',');
  return isObject(value) ? `{${body}}` : `[${body}]`;
}
