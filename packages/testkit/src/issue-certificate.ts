import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const TLS_SERVER = '1.3.6.1.5.5.7.3.1';

/** A certificate with its private key, as PEM texts. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  /** Host name or IP address that it is for. */
  readonly host: string;
  /** Days from now in which it begins and ends. */
  readonly days?: readonly [from: number, to: number];
}

/** A certificate authority that exists for one test. */
export interface Authority {
  /** PEM. */
  readonly cert: string;
  issue(wish: CertificateWish): Promise<IssuedCertificate>;
}

cryptoProvider.set(webcrypto);

const newKeys = () => webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);

async function writeKey({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

const validity = ([from, to]: readonly [number, number]) => ({
  notBefore: new Date(Date.now() + from * DAY_MS),
  notAfter: new Date(Date.now() + to * DAY_MS),
});

const serverExtensions = (host: string) => [
  new SubjectAlternativeNameExtension([{ type: /^[\d.]+$|:/.test(host) ? 'ip' : 'dns', value: host }]),
  new ExtendedKeyUsageExtension([TLS_SERVER]),
];

/** A server certificate that vouches for itself. */
export async function issueSelfSigned({ host, days = [-1, 1] }: CertificateWish): Promise<IssuedCertificate> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    keys: keys,
    signingAlgorithm: SIGNING,
    ...validity(days),
    extensions: serverExtensions(host),
  });
  return { cert: certificate.toString('pem'), key: await writeKey(keys) };
}

export async function createAuthority(name = 'Test authority'): Promise<Authority> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: keys,
    signingAlgorithm: SIGNING,
    ...validity([-1, 1]),
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  });
  return {
    cert: root.toString('pem'),
    async issue({ host, days = [-1, 1] }) {
      const own = await newKeys();
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: root.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: SIGNING,
        ...validity(days),
        extensions: serverExtensions(host),
      });
      return { cert: certificate.toString('pem'), key: await writeKey(own) };
    },
  };
}
