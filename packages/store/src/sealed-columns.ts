/** Every column of `endpoints` that holds sealed text, and as what of the endpoint it is sealed. */
export const sealedColumns = {
  secret_sealed: 'secret',
  next_secret_sealed: 'secret',
  headers_sealed: 'headers',
  client_key_sealed: 'client-key',
} as const;

export type SealedColumn = keyof typeof sealedColumns;

/** The context that a secret of an endpoint is sealed for; signing secrets share one, since a rotation moves them. */
export const sealedFor = (endpointId: string, what: (typeof sealedColumns)[SealedColumn]): string =>
  `${endpointId}/${what}`;
