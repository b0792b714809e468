import { useQuery } from '@tanstack/react-query';
import { endpointsQuery } from '../../api/endpoints.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { spellInvisible } from '../../show/mark-invisible.ts';
import { nameEndpoint } from './name-endpoint.ts';

/** What people call an endpoint; its id where there is no such endpoint any more. */
export function EndpointName({ id }: { readonly id: string }) {
  const { data } = useQuery(endpointsQuery);
  const endpoint = data?.rows.find((each) => each.id === id);
  return (
    <span title={spellInvisible(endpoint?.url ?? id)}>
      <ForeignText text={endpoint ? nameEndpoint(endpoint) : id} />
    </span>
  );
}
