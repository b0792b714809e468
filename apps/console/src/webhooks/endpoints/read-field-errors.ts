import { ApiError } from '../../api/client.ts';

/** What a form shows of a refused request: at its fields, and above them what belongs to none. */
export interface FormErrors {
  readonly of: (field: string) => string | undefined;
  readonly rest: readonly string[];
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;

/**
 * Spreads a refusal over the fields of a form.
 *
 * @param fields those that show their errors; `events` takes those of `events.3`, too
 */
export function readFieldErrors(error: Error | null, fields: readonly string[]): FormErrors {
  if (!error) return { of: () => undefined, rest: [] };
  const problems = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  if (problems.length === 0) return { of: () => undefined, rest: [error.message] };
  const fieldOf = (path: string) => fields.find((field) => path === field || path.startsWith(`${field}.`));
  const texts = new Map<string, string[]>();
  const rest: string[] = [];
  for (const { path, message } of problems) {
    const field = fieldOf(path);
    const detail = field === undefined ? path : path.slice(field.length + 1);
    const text = sentence(detail === '' || /^\d+$/.test(detail) ? message : `${detail} ${message}`);
    if (field === undefined) rest.push(text);
    else texts.set(field, [...(texts.get(field) ?? []), text]);
  }
  return { of: (field) => texts.get(field)?.join(' '), rest };
}
