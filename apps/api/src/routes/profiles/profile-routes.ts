import { createProfileBody, profile, profileList, putProfileBody } from '@posthorn/http-api/profile';
import { defineRoute, type Route } from '../define-route.ts';
import { postProfile } from './create-profile.ts';
import { deleteProfile } from './delete-profile.ts';
import { getProfiles } from './list-profiles.ts';
import { putProfile } from './put-profile.ts';

const writesProfiles = { tag: 'Profiles', access: 'tenant', scope: 'webhooks:write', refusals: ['conflict'] } as const;

/** The delivery contracts: the built-in ones and the tenant’s own. */
export const profileRoutes: readonly Route[] = [
  defineRoute({
    tag: 'Profiles',
    access: 'tenant-or-all',
    scope: null,
    method: 'get',
    path: '/v1/profiles',
    operationId: 'listProfiles',
    summary: 'Read the delivery contracts',
    description: 'The built-in profiles, then the tenant’s own by name.',
    answers: { 200: { description: 'Every profile.', schema: profileList } },
    handle: getProfiles,
  }),
  defineRoute({
    ...writesProfiles,
    method: 'post',
    path: '/v1/profiles',
    operationId: 'createProfile',
    summary: 'Define a profile of your own',
    description:
      'Takes over a built-in profile and overrides any part of it. The operator gives it to the tenant with `PATCH /v1/tenants/{id}`.',
    body: createProfileBody,
    answers: { 201: { description: 'The whole profile.', schema: profile } },
    handle: postProfile,
  }),
  defineRoute({
    ...writesProfiles,
    method: 'put',
    path: '/v1/profiles/{name}',
    operationId: 'putProfile',
    summary: 'Replace a profile of your own',
    description: 'What was accepted before keeps the version that it was accepted under.',
    body: putProfileBody,
    answers: { 200: { description: 'The whole profile.', schema: profile } },
    handle: putProfile,
  }),
  defineRoute({
    ...writesProfiles,
    method: 'delete',
    path: '/v1/profiles/{name}',
    operationId: 'deleteProfile',
    summary: 'Delete a profile of your own',
    answers: { 204: { description: 'Deleted; what was accepted under it keeps it.' } },
    handle: deleteProfile,
  }),
];
