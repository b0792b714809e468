import type { FieldProblem } from '@posthorn/http-api/problem';
import type { z } from 'zod';
import { invalid } from './app-error.ts';

const MAX_PATH_CHARACTERS = 200;

const pathOf = (...parts: readonly PropertyKey[]): string => parts.map(String).join('.').slice(0, MAX_PATH_CHARACTERS);

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let inner = value;
  for (const part of path) inner = (inner as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return inner === undefined;
}

/** One issue as the fields it speaks of: unknown fields are named one by one. */
function problemsOf(issue: z.core.$ZodIssue, value: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathOf(...issue.path, key), message: 'is not a field of this request' }));
  }
  return [{ path: pathOf(...issue.path), message: isMissing(value, issue.path) ? 'is required' : issue.message }];
}

/**
 * Validates what came from outside.
 *
 * @throws AppError `invalid` that names every wrong field
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(...result.error.issues.flatMap((issue) => problemsOf(issue, value)));
}
