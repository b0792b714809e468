import { type Kind, kindOf, listedValues, typedKinds } from './accepted-kinds.ts';
import type { Comparison } from './comparison.ts';
import { writeCanonical } from './write-canonical.ts';

const MAX_NAMED_VALUES = 10;
const MAX_VALUE_CHARACTERS = 60;

const kindNames: Readonly<Partial<Record<Kind, string>>> = { fraction: 'number with a fraction' };

function nameKinds(kinds: readonly Kind[]): string {
  const whole = kinds.includes('integer') && kinds.includes('fraction');
  const names = kinds.filter((kind) => !whole || kind !== 'fraction').map((kind) => kindNames[kind] ?? kind);
  return names.map((name) => (whole && name === 'integer' ? 'number' : name)).join(', ');
}

function nameValues(values: readonly unknown[]): string {
  const texts = values.slice(0, MAX_NAMED_VALUES).map((value) => {
    const text = writeCanonical(value) ?? '…';
    return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}…` : text;
  });
  return [...texts, ...(values.length > texts.length ? [`${values.length - texts.length} more`] : [])].join(', ');
}

/** `type` */
export function compareTypes({ to, path, note }: Comparison, accepted: ReadonlySet<Kind>): void {
  const typed = typedKinds(to);
  const lost = [...accepted].filter((kind) => !typed.has(kind));
  if (lost.length === 0) return;
  note(path, `is no longer accepted as ${nameKinds(lost)}`, `may now be of type ${nameKinds(lost)}`);
}

const writeAll = (values: readonly unknown[]): ReadonlySet<string | null> => {
  const texts = new Set(values.map((value) => writeCanonical(value)));
  // Too deep to be written means not known to be equal.
  texts.delete(null);
  return texts;
};

/** All values that may come, where they can be counted up. */
function possibleValues({ from, kinds }: Comparison): readonly unknown[] | null {
  const [first, ...others] = from.flatMap(listedValues);
  // A value that is too deep is kept: it may well be in the other lists.
  const known = others.map(writeAll);
  const excluded = (text: string | null) => text !== null && known.some((texts) => !texts.has(text));
  if (first) return first.filter((value) => kinds.has(kindOf(value)) && !excluded(writeCanonical(value)));
  if ([...kinds].some((kind) => kind !== 'null' && kind !== 'boolean')) return null;
  return [...(kinds.has('null') ? [null] : []), ...(kinds.has('boolean') ? [false, true] : [])];
}

function compareList(
  { path, note }: Comparison,
  listed: readonly unknown[],
  possible: readonly unknown[] | null,
): void {
  const allowed = writeAll(listed);
  const lost = possible?.filter((value) => !allowed.has(writeCanonical(value)));
  if (!lost) note(path, `must now be one of ${nameValues(listed)}`, `need no longer be one of ${nameValues(listed)}`);
  else if (lost.length > 0) note(path, `may no longer be ${nameValues(lost)}`, `may now be ${nameValues(lost)}`);
}

/** `enum` and `const` */
export function compareListed(comparison: Comparison): void {
  const possible = possibleValues(comparison);
  for (const listed of listedValues(comparison.to)) compareList(comparison, listed, possible);
}
