/** Browsers take a backslash for a slash, and leave control characters out. */
const FOREIGN = /[\\\p{Cc}]/u;

/**
 * Where to go on after the sign-in: a path of this console with what follows it; `null` for anything else, and for the
 * sign-in itself.
 */
export function readOwnPath(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\/(?!\/)/.test(value) || FOREIGN.test(value)) return null;
  return /^\/sign-in(?:[/?#]|$)/.test(value) ? null : value;
}
