import { PROFILE_NAME } from '@posthorn/http-api/profile';
import { retireOwnProfile } from '@posthorn/store/operator/retire-own-profile';
import { findProfile } from '@posthorn/wire/profiles';
import type { Deps } from '../../deps.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';

/** `DELETE /v1/profiles/{name}` */
export async function deleteProfile(
  { tenant, params: { name }, act }: Call,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  if (findProfile(name)) throw conflict(`${name} is built in and cannot be deleted.`);
  if (!PROFILE_NAME.test(name)) throw notFound();
  const result = await retireOwnProfile(database, tenant.id, name, act('profile', name));
  if (result === 'not_found') throw notFound();
  if (result === 'in_use') throw conflict(`The tenant has the profile ${name}; give it another one first.`);
  return noContent;
}
