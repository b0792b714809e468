import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQueryClient } from '@tanstack/react-query';
import { endpointsQuery } from '../../api/endpoints.ts';
import { findEndpointOf } from './find-endpoint-of.ts';

/** Where deliveries of the list go, as it was read last: the names of its rows ask for it. */
export function useEndpointOf(): (delivery: Delivery) => Endpoint | null | undefined {
  const queryClient = useQueryClient();
  return (delivery) => {
    const { data, dataUpdatedAt: readAt = 0 } = queryClient.getQueryState(endpointsQuery.queryKey) ?? {};
    return findEndpointOf(delivery, data && { ...data, readAt });
  };
}
