import type { createProfileBody } from '@posthorn/http-api/profile';
import { newId } from '@posthorn/runtime/new-id';
import { createOwnProfile } from '@posthorn/store/tenant/create-own-profile';
import { MAX_OWN_PROFILES } from '@posthorn/store/tenant/list-own-profiles';
import { findProfile } from '@posthorn/wire/profiles';
import type { z } from 'zod';
import { type Answer, created } from '../../http/answer.ts';
import { conflict } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readProfile } from './read-profile.ts';
import { showProfile } from './show-profile.ts';

/** `POST /v1/profiles`: the tenant's own contract, made of a built-in one. */
export async function postProfile({
  tenant,
  body: { name, ...parts },
  act,
}: Call<TenantScope, undefined, z.output<typeof createProfileBody>>): Promise<Answer> {
  if (findProfile(name)) throw conflict(`The name ${name} belongs to a built-in profile; choose another.`);
  const profile = readProfile(tenant.id, name, parts);
  const result = await createOwnProfile(
    tenant.database,
    { tenantId: tenant.id, id: newId(), profile },
    act('profile', name),
  );
  if (result === 'name_taken')
    throw conflict(`There is a profile ${name} already; PUT /v1/profiles/${name} replaces it.`);
  if (result === 'too_many') throw conflict(`A tenant has at most ${MAX_OWN_PROFILES} profiles of its own.`);
  return created(showProfile(profile, 'tenant'));
}
