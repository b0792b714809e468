import { z } from 'zod';

/** PostgreSQL text holds no NUL, and UTF-8 no lone surrogate. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

const characters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/**
 * Text that can be stored, counted in characters (code points) as JSON Schema does.
 *
 * @param min characters at the least
 * @param max characters at the most
 */
export const storableText = (min: number, max: number) =>
  z
    .string()
    .superRefine((text, context) => {
      const count = text.length > 2 * max ? text.length : characters(text);
      if (count < min || count > max) {
        context.addIssue({ code: 'custom', message: `must have ${min} to ${max} characters` });
      } else if (UNSTORABLE.test(text)) {
        context.addIssue({ code: 'custom', message: 'must not contain NUL or half of a surrogate pair' });
      }
    })
    .meta({ minLength: min, maxLength: max });
