// The library registers its parts with decorators, and leaves it to its users to bring what those need.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const HOUR_MS = 3_600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate and its key, as PEM; what it issues is signed with that key. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
  /** Both, as a server of node:tls takes them. */
  readonly server: { readonly cert: string; readonly key: string };
  /** Issues another one, at an hour's length unless it says otherwise. */
  issue(name: string, options?: IssueOptions): Promise<IssuedCertificate>;
}

interface IssueOptions {
  /** An authority may issue others; the rest are for 127.0.0.1 and localhost. */
  readonly authority?: boolean;
  /** Host names and addresses instead. */
  readonly hosts?: readonly string[];
  /** In ms from now; in the past for one that has expired. */
  readonly lifetimeMs?: number;
  /** In ms from now; an hour before its end or before now, whichever is earlier, unless it says so. */
  readonly startsInMs?: number;
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

async function make(name: string, issuer: Issuer | null, options: IssueOptions): Promise<IssuedCertificate> {
  const { authority = false, hosts = ['127.0.0.1', 'localhost'], lifetimeMs = HOUR_MS } = options;
  const { startsInMs = Math.min(0, lifetimeMs) - HOUR_MS } = options;
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = `CN=${name}`;
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    notBefore: new Date(now + startsInMs),
    notAfter: new Date(now + lifetimeMs),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(authority, undefined, true),
      ...(authority ? [new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)] : []),
      ...(authority
        ? []
        : [
            new SubjectAlternativeNameExtension(
              hosts.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }) as const),
            ),
          ]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const [cert, key] = [certificate.toString('pem'), PemConverter.encode(pkcs8, 'PRIVATE KEY')];
  return {
    certificate: cert,
    key,
    server: { cert, key },
    issue: (other, its = {}) => make(other, { certificate, keys }, its),
  };
}

/** A certificate that signed itself; an authority unless told otherwise. */
export const selfSign = (name: string, options: IssueOptions = { authority: true }): Promise<IssuedCertificate> =>
  make(name, null, options);
