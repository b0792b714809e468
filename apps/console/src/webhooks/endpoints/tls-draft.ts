import type { UpdateEndpoint } from '@posthorn/http-api/endpoint';

/** Changes to certificates as a form holds them. Empty texts change nothing. */
export interface TlsDraft {
  readonly ca: string;
  readonly removesCa: boolean;
  readonly client: string;
  readonly key: string;
  readonly removesClient: boolean;
}

export const unchangedTls: TlsDraft = { ca: '', removesCa: false, client: '', key: '', removesClient: false };

type TlsChanges = Pick<UpdateEndpoint, 'ca_certificate' | 'client_certificate' | 'client_key'>;

/** What a request says of certificates. */
export function tlsChangesOf({ ca, removesCa, client, key, removesClient }: TlsDraft): TlsChanges {
  const authority = removesCa ? { ca_certificate: null } : ca.trim() !== '' && { ca_certificate: ca };
  if (removesClient) return { ...authority, client_certificate: null, client_key: null };
  return {
    ...authority,
    ...(client.trim() !== '' && { client_certificate: client }),
    ...(key.trim() !== '' && { client_key: key }),
  };
}
