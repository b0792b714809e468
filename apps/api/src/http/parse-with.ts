import type { FieldProblem } from '@posthorn/http-api/problem';
import type { z } from 'zod';
import { invalidFields, MAX_FIELD_PROBLEMS } from './app-error.ts';
import { describeIssue } from './describe-issue.ts';

const MAX_PATH_CHARACTERS = 200;

const pathOf = (...parts: readonly PropertyKey[]): string => parts.map(String).join('.').slice(0, MAX_PATH_CHARACTERS);

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let inner = value;
  for (const part of path) inner = (inner as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return inner === undefined;
}

/** How many fields an issue speaks of. */
const fieldsOf = (issue: z.core.$ZodIssue): number => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);

/** One issue as the first fields it speaks of: unknown fields are named one by one. */
function problemsOf(issue: z.core.$ZodIssue, value: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MAX_FIELD_PROBLEMS)
      .map((key) => ({ path: pathOf(...issue.path, key), message: 'is not a field of this request' }));
  }
  return [{ path: pathOf(...issue.path), message: isMissing(value, issue.path) ? 'is required' : issue.message }];
}

/**
 * Validates what came from outside.
 *
 * @throws AppError `invalid` that names the first wrong fields and how many there are
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  const { issues } = result.error;
  // Each names a field at least: a body of megabytes may have hundreds of thousands.
  const named = issues.slice(0, MAX_FIELD_PROBLEMS).flatMap((issue) => problemsOf(issue, value));
  throw invalidFields(
    named,
    issues.reduce((sum, issue) => sum + fieldsOf(issue), 0),
  );
}
