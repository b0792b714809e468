import { z } from 'zod';

/** Every code of a refusal; the catalog in the API gives each its HTTP status. */
export const problemCodes = [
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid',
  'conflict',
  'QuotaExceeded',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'internal',
  'unavailable',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** One field that is wrong. */
export const fieldProblem = z
  .object({
    path: z.string().meta({ description: 'The field, for example `events.0.type`; empty for the body as a whole.' }),
    message: z.string(),
  })
  .meta({ id: 'FieldProblem' });

/** Members that one kind of problem has alone. */
const problemMembers = {
  state: z.string().optional().meta({ description: 'With a lost transition: the state that the subject is in.' }),
  upgrade_url: z.string().optional().meta({ description: 'With `QuotaExceeded`: where to get more, if that is set.' }),
  version: z.int().optional().meta({ description: 'With a lost transition: the subject’s transitions so far.' }),
};

/** RFC 9457 problem details. */
export const problem = z
  .object({
    type: z
      .string()
      .meta({ description: 'Where this kind of problem is explained.', example: '/docs/errors#not_found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(problemCodes),
    ref: z.string().meta({ description: 'Also the X-Request-Id header; it stands in the log.' }),
    ...problemMembers,
    errors: z.array(fieldProblem).optional().meta({ description: 'With `invalid`: what is wrong, field by field.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

export type FieldProblem = z.infer<typeof fieldProblem>;
export type ProblemMembers = Pick<Problem, keyof typeof problemMembers>;
export type Problem = z.infer<typeof problem>;
