import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQueryClient } from '@tanstack/react-query';
import { refreshEndpoint } from './refresh-endpoint.ts';

/** What is to be done after an endpoint was changed: everything that shows it is read again. */
export function useEndpointChange(id: string): (changed?: Endpoint) => void {
  const queryClient = useQueryClient();
  return (changed) => {
    if (changed) queryClient.setQueryData(['endpoint', id], changed);
    void queryClient.invalidateQueries({ queryKey: ['deliveries'] });
    refreshEndpoint(queryClient, id);
  };
}
