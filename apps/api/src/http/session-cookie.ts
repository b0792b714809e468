import { createHash, randomBytes } from 'node:crypto';
import { digestOf } from './api-key.ts';

/** By HTTPS no other host and no page reached without it can set a cookie of such a name (RFC 6265bis, section 4.1.3.2). */
const cookieName = (secure: boolean): string => (secure ? '__Host-posthorn_session' : 'posthorn_session');
const SECRET_BYTES = 32;
const SHAPE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** Values of all cookies of the name: whoever shares the host may have put another one before ours. */
function valuesOf(header: string | undefined, secure: boolean): string[] {
  const start = `${cookieName(secure)}=`;
  const cookies = (header ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.filter((cookie) => cookie.startsWith(start)).map((cookie) => cookie.slice(start.length));
}

/** What a browser's cookie says of a session. */
export interface SessionCookie {
  /** UUID of the session. */
  readonly id: string;
  readonly digest: Buffer;
  /** What a request that changes something must send besides: a page of another origin cannot read it. */
  readonly csrfToken: string;
}

const readValue = (id: string, secret: string): SessionCookie => ({
  id,
  digest: digestOf(secret),
  csrfToken: createHash('sha256').update(`csrf ${secret}`).digest('base64url'),
});

/** Makes the secret of a new session. `value` is shown to the browser alone. */
export function makeSessionCookie(id: string): SessionCookie & { readonly value: string } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { ...readValue(id, secret), value: `${id}.${secret}` };
}

/** @param header the request's `Cookie`. @param secure reached by HTTPS. @returns `null` when it names no session */
export function readSessionCookie(header: string | undefined, secure: boolean): SessionCookie | null {
  const value = valuesOf(header, secure).find((each) => SHAPE.test(each)) ?? '';
  const [, id, secret] = SHAPE.exec(value) ?? [];
  return id === undefined || secret === undefined ? null : readValue(id, secret);
}

/** Whether a request carries the cookie, be it of use or not. */
export const hasSessionCookie = (header: string | undefined, secure: boolean): boolean =>
  valuesOf(header, secure).length > 0;

/** The header `Set-Cookie`. No script reads it, and no page of another site sends it. @param secure reached by HTTPS */
export const setSessionCookie = (value: string, maxAgeSeconds: number, secure: boolean): string =>
  `${cookieName(secure)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
