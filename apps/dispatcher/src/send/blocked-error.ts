/** The egress guard refused the address that a connection was about to use. */
export class BlockedError extends Error {
  readonly code = 'POSTHORN_BLOCKED';
}
