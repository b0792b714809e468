import { doAtOnce, type PaceWork, type Steps } from '@posthorn/runtime/pace-work';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { AppError, invalid } from './app-error.ts';
import type { BodyHold } from './body-room.ts';
import { parseWith } from './parse-with.ts';
import { parseBody, readBody } from './read-body.ts';
import type { Deadline } from './start-deadline.ts';

const BODY_LIMIT_BYTES = 262_144;
/** A larger body is worked on in steps, between which others have the event loop; the worst of this size takes 1 to 2 ms. */
const MAX_AT_ONCE_BYTES = 16_384;

/** A body that its route accepts. */
export interface TakenBody {
  readonly body: unknown;
  /** As it was written, without insignificant white space. */
  readonly bodyText: string;
  /** Does work on it: at once, or where it is large when it is its turn. @throws Overloaded when nobody waits for the answer any more */
  readonly work: <Result>(steps: Steps<Result>) => Result | Promise<Result>;
}

/** What a route says of its bodies. */
interface BodyRules {
  readonly bodyLimitBytes?: number;
  readonly bodyOptional?: boolean;
}

/** Whose body is taken. */
export interface BodyAsk {
  readonly request: Request;
  readonly response: Response;
  /** Does not run while the body arrives. */
  readonly deadline: Deadline;
  readonly hold: BodyHold;
  /** Whose turn it is when a large body is worked on. */
  readonly owner: string;
  readonly paceWork: PaceWork;
}

/** What a route gets that takes no body. */
export const withoutBody: TakenBody = { body: undefined, bodyText: '', work: doAtOnce };

function* accept(schema: z.ZodType, bytes: Buffer): Steps<Pick<TakenBody, 'body' | 'bodyText'>> {
  const { value, text } = yield* parseBody(bytes);
  yield;
  return { body: parseWith(schema, value), bodyText: text };
}

function takeNone({ bodyOptional }: BodyRules, schema: z.ZodType, { headers }: Request): TakenBody {
  if (bodyOptional) return { body: parseWith(schema, {}), bodyText: '{}', work: doAtOnce };
  if (headers['content-type'] === undefined) throw new AppError('unsupported_media_type');
  throw invalid({ path: '', message: 'is missing' });
}

/**
 * Reads a request's body and checks it.
 *
 * @throws AppError `unsupported_media_type`, `payload_too_large` or `invalid`; Overloaded when there is no room, or its turn came too late
 */
export async function takeBody(
  rules: BodyRules,
  schema: z.ZodType,
  { request, response, deadline, hold, owner, paceWork }: BodyAsk,
): Promise<TakenBody> {
  const { bodyLimitBytes = BODY_LIMIT_BYTES } = rules;
  deadline.pause();
  const bytes = await readBody(request, hold, bodyLimitBytes).finally(() => deadline.resume());
  if (!bytes) return takeNone(rules, schema, request);
  if (bytes.length <= MAX_AT_ONCE_BYTES) return { ...doAtOnce(accept(schema, bytes)), work: doAtOnce };
  const isWanted = (): boolean => !response.headersSent && !response.closed;
  const work: TakenBody['work'] = (steps) => paceWork({ owner, steps, isWanted, isUnderWay: true });
  return { ...(await paceWork({ owner, steps: accept(schema, bytes), isWanted })), work };
}
