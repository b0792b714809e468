import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint, UpdateEndpoint } from '@posthorn/http-api/endpoint';
import type { Event } from '@posthorn/http-api/event';
import type { Recovery } from '@posthorn/http-api/recovery';
import { queryOptions } from '@tanstack/react-query';
import { call, type Page, read } from './client.ts';
import { pathOfId } from './path-of-id.ts';
import { readAllPages } from './read-all-pages.ts';

const PATH = '/v1/webhook-endpoints';
const LIST_REFRESH_MS = 15_000;
const ONE_REFRESH_MS = 10_000;
const LATEST_ROWS = 10;
const PROGRESS_REFRESH_MS = 1_000;

/** Every endpoint, newest first. */
export const endpointsQuery = queryOptions({
  queryKey: ['endpoints'],
  queryFn: () => readAllPages<Endpoint>(PATH),
  refetchInterval: LIST_REFRESH_MS,
});

const pathOf = (id: string): string => pathOfId(PATH, 'endpoint', id);

export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: ['endpoint', id],
    queryFn: () => read<Endpoint>(pathOf(id)),
    refetchInterval: ONE_REFRESH_MS,
  });

/** The newest deliveries to one endpoint. */
export const latestDeliveriesQuery = (endpointId: string) =>
  queryOptions({
    queryKey: ['deliveries', 'latest', endpointId],
    queryFn: () => read<Page<Delivery>>('/v1/webhook-deliveries', { endpoint_id: endpointId, limit: LATEST_ROWS }),
    refetchInterval: ONE_REFRESH_MS,
  });

/** The deliveries of one event to one endpoint, newest first. */
export const deliveriesOfEventQuery = (eventId: string, endpointId: string) =>
  queryOptions({
    queryKey: ['deliveries', 'of-event', eventId, endpointId],
    queryFn: () => read<Page<Delivery>>('/v1/webhook-deliveries', { event_id: eventId, endpoint_id: endpointId }),
  });

/** What an endpoint is made with. */
export type NewEndpoint = UpdateEndpoint & {
  readonly url: string;
  readonly events: string[];
  readonly secret?: string;
  readonly signature_algorithm?: Endpoint['signature_algorithm'];
};
/** The one answer, besides a rotation's, that has the secret: it is never kept in a cache. */
export type CreatedEndpoint = Endpoint & { readonly signing_secret: string | null };

export const createEndpoint = (body: NewEndpoint) => call<CreatedEndpoint>('POST', PATH, body);
export const updateEndpoint = (id: string, body: UpdateEndpoint) => call<Endpoint>('PATCH', pathOf(id), body);
export const deleteEndpoint = (id: string) => call<undefined>('DELETE', pathOf(id));

export interface Rotation {
  readonly overlap_seconds: number;
  readonly secret?: string;
}
export interface RotatedSecret {
  readonly signing_secret: string | null;
  readonly public_keys: readonly string[];
}
export const rotateSecret = (id: string, body: Rotation) =>
  call<RotatedSecret>('POST', `${pathOf(id)}/rotate-secret`, body);

/** @param type without one: the first that the endpoint wants */
export const sendTestEvent = (id: string, type?: string) =>
  call<Event>('POST', `${pathOf(id)}/test`, type === undefined ? {} : { type });

export const probeEndpoint = (id: string, enableOnSuccess: boolean) =>
  call<Event>('POST', `${pathOf(id)}/probe`, { enable_on_success: enableOnSuccess });

/** Which deliveries of an endpoint are replayed. */
export interface RecoveryScope {
  /** RFC 3339. */
  readonly since: string;
  readonly until?: string;
  readonly statuses: Recovery['statuses'];
}
export interface StartedRecovery {
  readonly id: string | null;
  readonly matched: number;
}

/** Counts what a recovery would replay. */
export const recoveryPreviewQuery = (endpointId: string, scope: RecoveryScope) =>
  queryOptions({
    queryKey: ['recovery-preview', endpointId, scope],
    queryFn: () => call<StartedRecovery>('POST', `${pathOf(endpointId)}/recover`, { ...scope, dry_run: true }),
    staleTime: 0,
    gcTime: 0,
  });

export const startRecovery = (endpointId: string, scope: RecoveryScope) =>
  call<StartedRecovery>('POST', `${pathOf(endpointId)}/recover`, scope);

/** How far a recovery is; asked again until it is over. */
export const recoveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['recovery', id],
    queryFn: () => read<Recovery>(`/v1/recoveries/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'running' ? false : PROGRESS_REFRESH_MS),
  });

export const stopRecovery = (id: string) => call<undefined>('DELETE', `/v1/recoveries/${encodeURIComponent(id)}`);
