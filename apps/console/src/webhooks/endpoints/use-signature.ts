import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Profile } from '@posthorn/http-api/profile';
import { useQuery } from '@tanstack/react-query';
import { profilesQuery } from '../../api/profiles.ts';

/** How an endpoint's profile signs; `undefined` until it is known. */
export function useSignature({ profile }: Pick<Endpoint, 'profile'>): Profile['signature'] | undefined {
  const { data } = useQuery(profilesQuery);
  return data?.find(({ name }) => name === profile)?.signature;
}
