import type { Numbers } from './figure.ts';

/** A figure's numbers as a table's rows: each median beside the spread that is named after it. */
export function tableNumbers(numbers: Numbers): Readonly<Record<string, Numbers>> {
  const spreadOf = (name: string): Numbers => {
    const [least, greatest] = [numbers[`${name}_min`], numbers[`${name}_max`]];
    return { ...(least !== undefined && { min: least }), ...(greatest !== undefined && { max: greatest }) };
  };
  const isOwn = (name: string): boolean => {
    const median = name.replace(/_(?:min|max)$/, '');
    return median === name || !(median in numbers);
  };
  return Object.fromEntries(
    Object.entries(numbers)
      .filter(([name]) => isOwn(name))
      .map(([name, value]) => [name, { value, ...spreadOf(name) }]),
  );
}
