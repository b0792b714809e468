import type { X509Certificate } from 'node:crypto';

/** What tells certificates apart and when to renew them. */
export interface CertificateSummary {
  /** As in `CN=client, O=Acme`. */
  readonly subject: string;
  /** SHA-256 over the certificate, upper-case hexadecimal pairs with colons, as OpenSSL prints it. */
  readonly fingerprint: string;
  readonly notAfter: Date;
}

/** Node.js writes one part of a subject a line, and escapes line breaks inside them. */
export const summarizeCertificate = ({ subject, fingerprint256, validTo }: X509Certificate): CertificateSummary => ({
  subject: (subject ?? '').split('\n').join(', '),
  fingerprint: fingerprint256,
  notAfter: new Date(validTo),
});
