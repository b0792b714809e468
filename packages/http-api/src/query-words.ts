import { z } from 'zod';

/** One of these words or several with commas between; read as a list in the order of `words`, each once. */
export const oneOrSeveral = <const Word extends string>(words: readonly Word[]) => {
  const isWord = (name: string): name is Word => words.some((each) => each === name);
  return z
    .string()
    .transform((text, context): Word[] => {
      const names = text.split(',');
      if (names.every(isWord)) return words.filter((each) => names.includes(each));
      context.addIssue(`must be one of ${words.join(', ')}, or several of them with commas between`);
      return z.NEVER;
    })
    .meta({ pattern: `^(${words.join('|')})(,(${words.join('|')}))*$` });
};

/** A filter that is on, or left out. */
export const trueAlone = z
  .string()
  .refine((text) => text === 'true', 'must be true, or be left out')
  .meta({ override: { type: 'string', enum: ['true'] } });
