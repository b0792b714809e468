import type { z } from 'zod';

const types: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

const count = (number: number | bigint, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** A bound of a length or a number. */
function describeBound(origin: string, bound: number | bigint, most: 'least' | 'most'): string {
  if (origin === 'array') return `must have at ${most} ${count(bound, 'entry', 'entries')}`;
  if (origin === 'string') return `must have at ${most} ${count(bound, 'character', 'characters')}`;
  return `must be at ${most} ${bound}`;
}

/**
 * Says what zod finds in the words of our own messages, where a schema has none of its own.
 *
 * @returns `undefined`: as zod says it
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
  }
  if (issue.code === 'invalid_type') return types[issue.expected] && `must be ${types[issue.expected]}`;
  if (issue.code === 'too_small' && issue.inclusive) return describeBound(issue.origin, issue.minimum, 'least');
  if (issue.code === 'too_big' && issue.inclusive) return describeBound(issue.origin, issue.maximum, 'most');
  return undefined;
}
