import { createHash, randomBytes } from 'node:crypto';
import { digestOf } from './api-key.ts';

const SESSION_COOKIE = 'posthorn_session';
const SECRET_BYTES = 32;
const SHAPE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;
const FOUND = new RegExp(`(?:^|; *)${SESSION_COOKIE}=([^;]*)`);

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

/** @param header the request's `Cookie`. @returns `null` when it names no session */
export function readSessionCookie(header: string | undefined): SessionCookie | null {
  const [, id, secret] = SHAPE.exec(FOUND.exec(header ?? '')?.[1] ?? '') ?? [];
  return id === undefined || secret === undefined ? null : readValue(id, secret);
}

/** Whether a request carries the cookie, be it of use or not. */
export const hasSessionCookie = (header: string | undefined): boolean => FOUND.test(header ?? '');

/** The header `Set-Cookie`. No script reads it, and no page of another site sends it. @param secure reached by HTTPS */
export const setSessionCookie = (value: string, maxAgeSeconds: number, secure: boolean): string =>
  `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
