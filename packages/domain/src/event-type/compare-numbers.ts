import type { Comparison } from './comparison.ts';
import { readNumber } from './read-keyword.ts';
import type { SchemaPart } from './schema-node.ts';

interface Bound {
  readonly value: number;
  readonly exclusive: boolean;
}

interface Side {
  readonly keyword: string;
  readonly exclusiveKeyword: string;
  /** Upper bounds are lower bounds of the negated number. */
  readonly sign: 1 | -1;
}

const sides: readonly Side[] = [
  { keyword: 'minimum', exclusiveKeyword: 'exclusiveMinimum', sign: 1 },
  { keyword: 'maximum', exclusiveKeyword: 'exclusiveMaximum', sign: -1 },
];

const atLeastAsTight = (bound: Bound, other: Bound): boolean =>
  bound.value > other.value || (bound.value === other.value && (bound.exclusive || !other.exclusive));

function tightest(parts: readonly SchemaPart[], { keyword, exclusiveKeyword, sign }: Side): Bound {
  const bounds = parts.flatMap((part) => [
    { value: (readNumber(part, keyword) ?? -Infinity * sign) * sign, exclusive: false },
    { value: (readNumber(part, exclusiveKeyword) ?? -Infinity * sign) * sign, exclusive: true },
  ]);
  return bounds.reduce((a, b) => (atLeastAsTight(a, b) ? a : b), { value: -Infinity, exclusive: true });
}

function sayBound({ value, exclusive }: Bound, { sign }: Side): [string, string] {
  const number = value * sign;
  const [more, less] = sign === 1 ? ['more', 'less'] : ['less', 'more'];
  if (exclusive) return [`must now be ${more} than ${number}`, `may now be ${number} or ${less}`];
  return [`must now be ${number} or ${more}`, `may now be ${less} than ${number}`];
}

function compareMultiples({ from, to, kinds, path, note }: Comparison): void {
  const factor = readNumber(to, 'multipleOf');
  if (factor === undefined || (factor === 1 && !kinds.has('fraction'))) return;
  const follows = from.some((part) => {
    const known = readNumber(part, 'multipleOf');
    // Fractions divide inexactly: of those only the same one is certain.
    return known === factor || (Number.isInteger(factor) && Number.isInteger(known) && Number(known) % factor === 0);
  });
  if (!follows) note(path, `must now be a multiple of ${factor}`, `need no longer be a multiple of ${factor}`);
}

/** `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf` */
export function compareNumbers(comparison: Comparison): void {
  const { from, to, kinds, path, note } = comparison;
  if (!kinds.has('integer') && !kinds.has('fraction')) return;
  for (const side of sides) {
    const bound = tightest([to], side);
    if (!atLeastAsTight(tightest(from, side), bound)) note(path, ...sayBound(bound, side));
  }
  compareMultiples(comparison);
}
