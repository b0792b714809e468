/** What a person reads for each code; the codes are Node's and OpenSSL's. */
const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused: nothing listens at this address and port',
  ECONNRESET: 'The receiver closed or reset the connection before it answered',
  EPIPE: 'The receiver closed the connection while the request was being sent',
  ENOTFOUND: "The endpoint's host name does not exist in DNS",
  EAI_AGAIN: "The endpoint's host name could not be looked up: DNS did not answer",
  EHOSTUNREACH: "The endpoint's host cannot be reached",
  ENETUNREACH: "The endpoint's network cannot be reached",
  ETIMEDOUT: 'The connection timed out',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS: the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS: the certificate chain ends in a self-signed certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS: the certificate was issued by an unknown authority; is the chain complete?',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS: the certificate was issued by an unknown authority; is the chain complete?',
  CERT_HAS_EXPIRED: 'TLS: the certificate has expired',
  CERT_NOT_YET_VALID: 'TLS: the certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS: the certificate is for another host name',
  EPROTO: 'TLS: the handshake failed; does this port speak HTTPS with TLS 1.2 or newer?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS: the handshake failed; this port does not speak HTTPS',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'TLS: the receiver asks for a client certificate; give the endpoint a client_certificate and its client_key',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'TLS: the receiver does not know who issued the client certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'TLS: the receiver says that the client certificate has expired',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'TLS: the receiver offers no version that is 1.2 or newer',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'TLS: the receiver offers no version that is 1.2 or newer',
  POSTHORN_HANDSHAKE:
    'TLS: the receiver sent more than 24 KB before the handshake was over; does it send more certificates than its chain has?',
  POSTHORN_PROXY: 'The way out to the internet could not be used; this is for the operator of this service to look at',
  HPE_HEADER_OVERFLOW: 'The response headers are too large',
};

/** One sentence that says what went wrong, with the code that a search engine knows. */
export function describeNetworkError(code: string | undefined): string {
  const sentence = code && SENTENCES[code];
  if (sentence) return `${sentence} (${code})`;
  if (code?.startsWith('HPE_')) return `The answer is not valid HTTP (${code})`;
  if (code?.startsWith('ERR_SSL') || code?.startsWith('ERR_TLS')) return `TLS: the handshake failed (${code})`;
  return code ? `The request failed (${code})` : 'The request failed';
}

/** What was wrong with an answer after its status line, as a clause. @param complete the answer itself had ended */
export function describeBodyFault(code: string | undefined, complete: boolean): string {
  const shown = code ? ` (${code})` : '';
  if (complete) return `more came after its end${shown}`;
  if (code === 'HPE_HEADER_OVERFLOW') return `its trailers are too large${shown}`;
  if (code?.startsWith('HPE_')) return `its body was cut short: it is not valid HTTP${shown}`;
  return `its body was cut short: the connection was closed before its end${shown}`;
}
