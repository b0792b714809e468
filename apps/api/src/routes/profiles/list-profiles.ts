import { listOwnProfiles } from '@posthorn/store/tenant/list-own-profiles';
import type { Profile } from '@posthorn/wire/profile';
import { profiles } from '@posthorn/wire/profiles';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { showProfile } from './show-profile.ts';

/** `GET /v1/profiles`: the delivery contracts as data, the built-in ones first. */
export async function getProfiles({ tenant }: Call<TenantScope | null>): Promise<Answer> {
  const own = tenant ? await listOwnProfiles(tenant.database) : [];
  return ok({
    data: [
      ...profiles.map((profile) => showProfile(profile, 'built-in')),
      ...own.map(({ definition }) => showProfile(JSON.parse(definition) as Profile, 'tenant')),
    ],
  });
}
