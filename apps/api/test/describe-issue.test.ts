import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { AppError } from '../src/http/app-error.ts';
import { parseWith } from '../src/http/parse-with.ts';

function messagesOf(schema: z.ZodType, value: unknown): unknown {
  try {
    return parseWith(schema, value);
  } catch (error) {
    return error instanceof AppError ? error.message : error;
  }
}

test.each([
  ['a value that is none of several', z.object({ a: z.enum(['x', 'y']) }), { a: 'z' }, 'a must be one of x, y'],
  ['a value that is not the only one', z.object({ a: z.literal('x') }), { a: 'z' }, 'a must be x'],
  ['a list in place of the body', z.object({}), [], 'The body must be an object'],
  ['a number in place of text', z.object({ a: z.string() }), { a: 1 }, 'a must be a string'],
  ['too short a list', z.object({ a: z.array(z.string()).min(1) }), { a: [] }, 'a must have at least 1 entry'],
  [
    'too long a list',
    z.object({ a: z.array(z.string()).max(2) }),
    { a: ['', '', ''] },
    'a must have at most 2 entries',
  ],
  ['too long a text', z.object({ a: z.string().max(2) }), { a: 'xyz' }, 'a must have at most 2 characters'],
  ['too small a number', z.object({ a: z.number().min(3) }), { a: 2 }, 'a must be at least 3'],
  ['what a schema says itself', z.object({ a: z.number({ error: 'must be odd' }) }), { a: '' }, 'a must be odd'],
])('%s is refused in our own words', (_what, schema, value, message) => {
  expect(messagesOf(schema, value)).toBe(message);
});
