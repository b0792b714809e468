import type { Profile } from '@posthorn/http-api/profile';
import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '../api/profiles.ts';
import { tenantQuery } from '../api/settings.ts';
import { useTenantId } from '../settings/use-tenant-id.ts';
import { useSession } from '../shell/use-session.ts';

/** The tenant's profile; `undefined` until it is known. */
export function useOwnProfile(): Profile | undefined {
  const session = useSession();
  const profiles = useQuery(profilesQuery);
  // A key knows its profile, the operator asks for the tenant's.
  const tenant = useQuery({ ...tenantQuery(useTenantId()), enabled: session.kind === 'operator' });
  const name = session.profile ?? tenant.data?.profile;
  return profiles.data?.find((profile) => profile.name === name);
}
