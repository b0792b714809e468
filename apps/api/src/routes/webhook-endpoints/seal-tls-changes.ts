import type { SecretBox } from '@posthorn/store/create-secret-box';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { TlsChanges } from './read-tls-fields.ts';

/** What is stored of a changed TLS identity. */
interface SealedTlsChanges {
  readonly caCertificate?: string | null;
  readonly clientCertificate?: string | null;
  readonly clientKeySealed?: string | null;
}

/** Seals the client key for its endpoint. */
export function sealTlsChanges({ caCertificate, client }: TlsChanges, id: string, box: SecretBox): SealedTlsChanges {
  return {
    ...(caCertificate !== undefined && { caCertificate }),
    ...(client !== undefined && {
      clientCertificate: client && client.certificate,
      clientKeySealed: client && box.seal(client.key, sealedFor(id, 'client-key')),
    }),
  };
}
