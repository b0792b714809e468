import { session, signInBody } from '@posthorn/http-api/session';
import { defineRoute, type Route } from '../define-route.ts';
import { deleteSession } from './delete-session.ts';
import { getSession } from './get-session.ts';
import { postSession } from './post-session.ts';

/** It holds one key; who sends it is not known yet, so many may send at once without taking room from others. */
const SIGN_IN_LIMIT_BYTES = 4_096;

const ofSessions = { tag: 'Session', scope: null, path: '/v1/session' } as const;

/** Signing in to the console and out of it, and who asks. */
export const sessionRoutes: readonly Route[] = [
  defineRoute({
    ...ofSessions,
    access: 'public',
    method: 'post',
    operationId: 'signIn',
    summary: 'Sign in to the console',
    description:
      'Sets an HttpOnly cookie that stands for the key, for as long as the key lives and 12 hours at the most.',
    body: signInBody,
    bodyLimitBytes: SIGN_IN_LIMIT_BYTES,
    answers: { 201: { description: 'Signed in.', schema: session } },
    refusals: ['unauthorized', 'forbidden', 'unavailable'],
    handle: postSession,
  }),
  defineRoute({
    ...ofSessions,
    access: 'public',
    method: 'get',
    operationId: 'getSession',
    summary: 'Ask who you are',
    answers: {
      200: { description: 'The caller, and what they may.', schema: session },
      204: { description: 'Nobody is signed in: without a key, and without a session that lasts.' },
    },
    refusals: ['unauthorized', 'unavailable'],
    handle: getSession,
  }),
  defineRoute({
    ...ofSessions,
    access: 'any-key',
    method: 'delete',
    operationId: 'signOut',
    summary: 'Sign out of the console',
    answers: { 204: { description: 'The session is over; with a key nothing was to be done.' } },
    handle: deleteSession,
  }),
];
