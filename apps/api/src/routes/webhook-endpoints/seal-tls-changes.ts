import type { X509Certificate } from 'node:crypto';
import { summarizeCertificate } from '@posthorn/domain/tls/summarize-certificate';
import type { Certificate } from '@posthorn/http-api/endpoint';
import type { SecretBox } from '@posthorn/store/create-secret-box';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { TlsChanges } from './read-tls-fields.ts';

/** What is stored of a changed TLS identity. */
interface SealedTlsChanges {
  readonly caCertificate?: string | null;
  readonly caSummary?: string | null;
  readonly clientCertificate?: string | null;
  readonly clientSummary?: string | null;
  readonly clientKeySealed?: string | null;
}

function shown(certificate: X509Certificate): Certificate {
  const { subject, fingerprint, notAfter } = summarizeCertificate(certificate);
  return { subject, fingerprint, not_after: notAfter.toISOString() };
}

/** Seals the client key for its endpoint, and writes down what answers show of the certificates. */
export function sealTlsChanges({ ca, client }: TlsChanges, id: string, box: SecretBox): SealedTlsChanges {
  return {
    ...(ca !== undefined && {
      caCertificate: ca && ca.pem,
      caSummary: ca && JSON.stringify(ca.certificates.map(shown)),
    }),
    ...(client !== undefined && {
      clientCertificate: client && client.pem,
      clientSummary: client && JSON.stringify(shown(client.certificates[0])),
      clientKeySealed: client && box.seal(client.key, sealedFor(id, 'client-key')),
    }),
  };
}
