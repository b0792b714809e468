import { useQuery } from '@tanstack/react-query';
import { endpointsQuery } from '../../api/endpoints.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { spellInvisible } from '../../show/mark-invisible.ts';
import { nameEndpoint } from './name-endpoint.ts';

interface Named {
  readonly id: string;
  /** Whether its URL is shown, and not what people call it. */
  readonly isUrl?: boolean;
}

/** What people call an endpoint, or its URL; its id where there is no such endpoint any more. */
export function EndpointName({ id, isUrl = false }: Named) {
  const { data } = useQuery(endpointsQuery);
  const endpoint = data?.rows.find((each) => each.id === id);
  const name = endpoint && (isUrl ? endpoint.url : nameEndpoint(endpoint));
  return (
    <span title={spellInvisible(endpoint?.url ?? id)}>
      <ForeignText text={name ?? id} />
    </span>
  );
}
