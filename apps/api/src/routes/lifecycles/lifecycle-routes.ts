import { lifecycleSubject, postTransitionBody, transition } from '@posthorn/http-api/lifecycle';
import { usage, usageQuery } from '@posthorn/http-api/usage';
import { defineRoute, type Route } from '../define-route.ts';
import { getUsage } from '../usage/get-usage.ts';
import { getSubject } from './get-subject.ts';
import { postTransition } from './post-transition.ts';

const lifecycles = { tag: 'Lifecycles', access: 'tenant' } as const;

/** The state machines of the tenant’s profile, and what they and the events are metered as. */
export const lifecycleRoutes: readonly Route[] = [
  defineRoute({
    ...lifecycles,
    scope: 'connections:write',
    method: 'post',
    path: '/v1/lifecycles/{lifecycle}/{subject}/transitions',
    operationId: 'postTransition',
    summary: 'Move a subject to another state',
    description:
      'A compare-and-swap: one actor wins, and its events and usage commit with the state. Every other one gets 409 with the state that the subject is in. The first transition makes the subject, in the start state.',
    body: postTransitionBody,
    answers: { 200: { description: 'The subject was moved.', schema: transition } },
    refusals: ['conflict', 'QuotaExceeded'],
    handle: postTransition,
  }),
  defineRoute({
    ...lifecycles,
    scope: 'connections:read',
    method: 'get',
    path: '/v1/lifecycles/{lifecycle}/{subject}',
    operationId: 'getSubject',
    summary: 'Read where a subject stands',
    answers: { 200: { description: 'The subject.', schema: lifecycleSubject } },
    handle: getSubject,
  }),
  defineRoute({
    tag: 'Usage',
    access: 'tenant',
    scope: 'usage:read',
    method: 'get',
    path: '/v1/usage',
    operationId: 'getUsage',
    summary: 'Count what was metered',
    query: usageQuery,
    answers: { 200: { description: 'Every kind.', schema: usage } },
    handle: getUsage,
  }),
];
