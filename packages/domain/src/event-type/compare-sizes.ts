import type { Kind } from './accepted-kinds.ts';
import type { Comparison } from './comparison.ts';
import { readNumber } from './read-keyword.ts';

interface Size {
  readonly kind: Kind;
  readonly min: string;
  readonly max: string;
  readonly unit: string;
}

const sizes: readonly Size[] = [
  { kind: 'string', min: 'minLength', max: 'maxLength', unit: 'characters' },
  { kind: 'array', min: 'minItems', max: 'maxItems', unit: 'items' },
  { kind: 'object', min: 'minProperties', max: 'maxProperties', unit: 'fields' },
];

function compareSize({ from, to, path, note }: Comparison, { min, max, unit }: Size): void {
  const least = readNumber(to, min) ?? 0;
  const most = readNumber(to, max) ?? Infinity;
  if (Math.max(0, ...from.map((part) => readNumber(part, min) ?? 0)) < least) {
    note(path, `must now have at least ${least} ${unit}`, `may now have fewer than ${least} ${unit}`);
  }
  if (Math.min(...from.map((part) => readNumber(part, max) ?? Infinity)) > most) {
    note(path, `must now have at most ${most} ${unit}`, `may now have more than ${most} ${unit}`);
  }
}

/** `minLength`, `maxLength`, `minItems`, `maxItems`, `minProperties`, `maxProperties` */
export function compareSizes(comparison: Comparison): void {
  for (const size of sizes) if (comparison.kinds.has(size.kind)) compareSize(comparison, size);
}
