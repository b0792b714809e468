import { DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';

/**
 * What TLS is spoken with to every receiver. Without finite-field Diffie-Hellman: the receiver chooses the prime, and one of
 * 8,192 bits cost 180 ms of processor time a handshake where it was measured; elliptic curves cost well below one.
 */
export const tlsTerms = {
  minVersion: 'TLSv1.2',
  ciphers: `${DEFAULT_CIPHERS}:!DHE`,
  ecdhCurve: 'X25519:P-256:P-384:P-521',
} as const satisfies SecureContextOptions;
