import { X509Certificate } from 'node:crypto';

/** Of a PEM text with certificates; a chain of four with large keys needs half of it. */
export const CERTIFICATES_MAX_CHARACTERS = 16_384;
/** Certificates in one text: a chain, or the old and the new CA while they change. */
const MAX_CERTIFICATES = 8;

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const ANY_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/** One certificate or several, as one PEM text and each for itself. */
export interface Certificates {
  readonly pem: string;
  readonly certificates: readonly [X509Certificate, ...X509Certificate[]];
}

/** The certificates of a text, or what is wrong with it, as a sentence that goes on after the field's name. */
export type ReadCertificates =
  | (Certificates & { readonly ok: true })
  | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): ReadCertificates => ({ ok: false, problem });

function parse(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block);
  } catch {
    return null;
  }
}

/**
 * Reads certificates, one or several, and refuses what cannot serve at `now`. What stands around the PEM blocks is
 * left out of `pem`, so that nothing is kept that was not looked at.
 */
export function readCertificates(text: string, now: Date): ReadCertificates {
  const kinds = [...text.matchAll(ANY_BLOCK)].map(([, kind]) => kind);
  if (kinds.some((kind) => kind?.endsWith('PRIVATE KEY'))) return refuse('must not hold a private key');
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0 || blocks.length < kinds.length) {
    return refuse('must be certificates in PEM: -----BEGIN CERTIFICATE----- and so on');
  }
  if (blocks.length > MAX_CERTIFICATES) return refuse(`must be at most ${MAX_CERTIFICATES} certificates`);
  const certificates: X509Certificate[] = [];
  for (const block of blocks) {
    const certificate = parse(block);
    if (!certificate) return refuse(`cannot be read: certificate ${certificates.length + 1} is no X.509 certificate`);
    const { validTo } = certificate;
    if (new Date(validTo) <= now)
      return refuse(`holds a certificate that expired on ${new Date(validTo).toISOString()}`);
    certificates.push(certificate);
  }
  const [first, ...rest] = certificates;
  if (!first) throw new Error('Blocks were counted and none was read');
  return { ok: true, pem: `${blocks.join('\n')}\n`, certificates: [first, ...rest] };
}
