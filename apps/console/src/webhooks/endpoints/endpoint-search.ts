export interface EndpointSearch {
  /** Opens the dialog that replays what the endpoint missed. */
  readonly recover?: '1';
}

export const readEndpointSearch = (search: Record<string, unknown>): EndpointSearch =>
  search['recover'] === '1' ? { recover: '1' } : {};
