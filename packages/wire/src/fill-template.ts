const PLACEHOLDER = /\{(\w+)\}/g;

/**
 * Fills `{name}` placeholders in one pass, so a value that looks like a placeholder stays as it is. A name without a
 * value stays, too: a tenant's own template may hold `{constructor}`, which every object would answer.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(PLACEHOLDER, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
  );
}

/** The names that stand in braces. */
export const placeholdersOf = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name]) => name as string);

/** What stands for the one placeholder of `template` in `text`; `undefined` when it has none or the text does not fit. */
export function readTemplate(template: string, text: string): string | undefined {
  const [before = '', name, after = ''] = template.split(PLACEHOLDER);
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits && name !== undefined ? text.slice(before.length, text.length - after.length) : undefined;
}
