import { useQuery } from '@tanstack/react-query';
import { endpointsQuery } from '../../api/endpoints.ts';
import { nameEndpoint } from './name-endpoint.ts';

/** What people call an endpoint; its id where there is no such endpoint any more. */
export function EndpointName({ id }: { readonly id: string }) {
  const { data } = useQuery(endpointsQuery);
  const endpoint = data?.rows.find((each) => each.id === id);
  return <bdi title={endpoint?.url ?? id}>{endpoint ? nameEndpoint(endpoint) : id}</bdi>;
}
