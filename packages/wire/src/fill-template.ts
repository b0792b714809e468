const PLACEHOLDER = /\{(\w+)\}/g;

/** Fills `{name}` placeholders in one pass, so a value that looks like a placeholder stays as it is. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(PLACEHOLDER, (placeholder, name: string) => values[name] ?? placeholder);
}

/** The names that stand in braces. */
export const placeholdersOf = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name]) => name as string);

/** What stands for the one placeholder of `template` in `text`; `undefined` when the text does not fit it. */
export function readTemplate(template: string, text: string): string | undefined {
  const [before = '', after = ''] = template.split(PLACEHOLDER).filter((_, index) => index !== 1);
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
}
