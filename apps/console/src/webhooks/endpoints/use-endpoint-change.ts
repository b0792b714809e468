import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQueryClient } from '@tanstack/react-query';

/** What is to be done after an endpoint was changed: everything that shows it is read again. */
export function useEndpointChange(id: string): (changed?: Endpoint) => void {
  const queryClient = useQueryClient();
  return (changed) => {
    if (changed) queryClient.setQueryData(['endpoint', id], changed);
    else void queryClient.invalidateQueries({ queryKey: ['endpoint', id] });
    void queryClient.invalidateQueries({ queryKey: ['endpoints'] });
    void queryClient.invalidateQueries({ queryKey: ['deliveries'] });
    void queryClient.invalidateQueries({ queryKey: ['stats'] });
  };
}
