import type { Scheme } from './explain-scheme.ts';

/** What the record shows in the place of what it does not keep. */
const MASK = '***';

/** Headers of a record as lines; of one with several values a line each. */
export const headerLines = (headers: Readonly<Record<string, unknown>>): string =>
  Object.entries(headers)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => `${name}: ${String(each)}`))
    .join('\n');

/** Names of the signature headers of any of these schemes whose value is masked. Others may be: they are not signed. */
export function maskedSignatures(lines: string, schemes: readonly Pick<Scheme, 'header'>[]): string[] {
  const names = new Set(schemes.flatMap(({ header }) => [header, `${header}-Next`]).map((name) => name.toLowerCase()));
  return lines
    .split('\n')
    .map((line) => /^([^:]+):(.*)$/.exec(line))
    .filter((match) => match !== null && names.has((match[1] ?? '').trim().toLowerCase()) && match[2]?.includes(MASK))
    .map((match) => (match?.[1] ?? '').trim());
}
