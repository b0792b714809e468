import { PROFILE_NAME, type PutProfile } from '@posthorn/http-api/profile';
import { newId } from '@posthorn/runtime/new-id';
import { replaceOwnProfile } from '@posthorn/store/operator/replace-own-profile';
import { findProfile } from '@posthorn/wire/profiles';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { checkSecretsFit } from './check-secrets-fit.ts';
import { readProfile } from './read-profile.ts';
import { showProfile } from './show-profile.ts';

/** `PUT /v1/profiles/{name}`: a new version; what was accepted keeps the old one. */
export async function putProfile(
  { tenant, params: { name }, body, act }: Call<TenantScope, undefined, PutProfile>,
  { database, secretBox }: Pick<Deps, 'database' | 'secretBox'>,
): Promise<Answer> {
  if (findProfile(name)) throw conflict(`${name} is built in and cannot be replaced; extend it under another name.`);
  if (!PROFILE_NAME.test(name)) throw notFound();
  const profile = readProfile(tenant.id, name, body);
  const replaced = await replaceOwnProfile(
    database,
    { tenantId: tenant.id, id: newId(), profile },
    (next, secrets) => checkSecretsFit(secretBox, next, secrets),
    act('profile', name),
  );
  if (!replaced) throw notFound();
  return ok(showProfile(profile, 'tenant'));
}
