import type { Scope } from '@posthorn/domain/scopes';
import type { LiveKey } from '@posthorn/store/operator/find-live-keys';
import type { LiveSession } from '@posthorn/store/operator/find-session';
import { digestOf, keyIdOf, sameDigest } from './api-key.ts';
import { AppError } from './app-error.ts';
import type { KeyMemory } from './remember-keys.ts';
import type { Caller, CallerSession } from './request-context.ts';
import { hasSessionCookie, readSessionCookie } from './session-cookie.ts';

/** What telling callers apart needs. */
export interface AuthenticateDeps {
  /** SHA-256 of the operator's key. */
  readonly adminKeyDigest: Buffer;
  readonly findLiveKey: (keyId: string) => Promise<LiveKey | null>;
  readonly keyMemory: KeyMemory;
  readonly findSession: (id: string) => Promise<LiveSession | null>;
  /** Notes a key's use; never waited for. */
  readonly noteKeyUse: (keyId: string) => void;
}

/** The part of a request that says who sends it. */
export interface Credentials {
  /** The connection that it came by, where that is known. */
  readonly socket?: object;
  readonly method: string;
  /** Reached by HTTPS. */
  readonly secure: boolean;
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
    readonly 'x-csrf-token'?: string | string[] | undefined;
  };
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;
/** Methods that change nothing. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);

const operator = (session: CallerSession | null): Caller => ({ kind: 'operator', keyId: 'operator', session });

type Noting = Pick<AuthenticateDeps, 'noteKeyUse'>;

function tenantCaller(live: LiveKey, session: CallerSession | null, remembered: boolean, deps: Noting): Caller {
  deps.noteKeyUse(live.id);
  const { id, tenantId, profile, profileId, limited, scopes } = live;
  return {
    kind: 'tenant',
    keyId: id,
    tenantId,
    profile,
    profileId,
    limited,
    scopes: scopes as readonly Scope[],
    session,
    remembered,
  };
}

async function lookUp(keyId: string, { findLiveKey, keyMemory }: AuthenticateDeps): Promise<LiveKey | null> {
  const live = await findLiveKey(keyId);
  if (live) keyMemory.keep(live);
  else keyMemory.forget(keyId);
  return live;
}

/** A key as it was sent. */
interface SentKey {
  readonly authorization: string;
  readonly digest: Buffer;
  /** The id that it carries, if it has the shape of a tenant's. */
  readonly keyId: string | null;
}

const readKey = (key: string) => ({ digest: digestOf(key), keyId: keyIdOf(key) });

/** A longer header is not kept: it is padded, and whoever opens many connections would fill memory with it. */
const MAX_KEPT_CHARACTERS = 600;
/** The last one of each connection, which mostly is its next one too. Nothing here says that it is known, or still live. */
const sentKeys = new WeakMap<object, SentKey>();

/** The key of a request's header, `null` where that is none. */
function readBearer(authorization: string, socket: object = {}): SentKey | null {
  const before = sentKeys.get(socket);
  if (before?.authorization === authorization) return before;
  const key = BEARER.exec(authorization)?.[1];
  if (key === undefined) return null;
  const sent = { authorization, ...readKey(key) };
  if (authorization.length <= MAX_KEPT_CHARACTERS) sentKeys.set(socket, sent);
  return sent;
}

async function callerOf(
  { digest, keyId }: Pick<SentKey, 'digest' | 'keyId'>,
  deps: AuthenticateDeps,
  mayRecall: boolean,
): Promise<Caller> {
  if (sameDigest(digest, deps.adminKeyDigest)) return operator(null);
  const recalled = mayRecall && keyId !== null ? deps.keyMemory.recall(keyId) : null;
  if (recalled && sameDigest(digest, recalled.digest)) return tenantCaller(recalled, null, true, deps);
  const live = keyId === null ? null : await lookUp(keyId, deps);
  // Without a stored digest the operator's is compared, so that both ways take the same time.
  const matches = sameDigest(digest, live?.digest ?? deps.adminKeyDigest);
  if (!live || !matches) throw new AppError('unauthorized');
  return tenantCaller(live, null, false, deps);
}

/** Finds out whose a key is. @throws AppError `unauthorized`, the same for every cause */
export const authenticateKey = (key: string, deps: AuthenticateDeps): Promise<Caller> =>
  callerOf(readKey(key), deps, false);

/** A session lives as long as the key that signed in. */
async function authenticateSession({ method, secure, headers }: Credentials, deps: AuthenticateDeps): Promise<Caller> {
  const cookie = readSessionCookie(headers.cookie, secure);
  const live = cookie && (await deps.findSession(cookie.id));
  if (!cookie || !live || !sameDigest(cookie.digest, live.digest)) throw new AppError('unauthorized');
  const sent = headers['x-csrf-token'];
  if (!SAFE.has(method) && !(typeof sent === 'string' && sameDigest(digestOf(sent), digestOf(cookie.csrfToken)))) {
    throw new AppError('forbidden', { detail: 'Send the session’s csrf_token as the header X-CSRF-Token.' });
  }
  const session = { id: live.id, csrfToken: cookie.csrfToken, expiresAt: live.expiresAt };
  if (live.keyId === null) {
    if (!sameDigest(live.operatorDigest ?? Buffer.alloc(0), deps.adminKeyDigest)) throw new AppError('unauthorized');
    return operator(session);
  }
  const key = await deps.findLiveKey(live.keyId);
  if (!key) throw new AppError('unauthorized');
  return tenantCaller(key, session, false, deps);
}

/**
 * Finds out who sends a request: by its key or, without one, by the cookie of a session of the console.
 *
 * @param mayRecall whether a key may be taken from memory; whatever is done by it then has to confirm it
 * @throws AppError `unauthorized`, the same for every cause; `forbidden` when a session's request changes something and
 *   lacks its token
 */
export function authenticate(credentials: Credentials, deps: AuthenticateDeps, mayRecall = false): Promise<Caller> {
  const { authorization, cookie } = credentials.headers;
  if (authorization === undefined && hasSessionCookie(cookie, credentials.secure))
    return authenticateSession(credentials, deps);
  const sent = authorization === undefined ? null : readBearer(authorization, credentials.socket);
  return sent ? callerOf(sent, deps, mayRecall) : Promise.reject(new AppError('unauthorized'));
}

/** Whose a request is that nobody is known to have sent: strangers', the first one of a key, a session's, a probe's. */
const ANYONE = 'anyone';

/**
 * Whose turn a request takes, without asking anybody: the tenant's whose remembered key it has, the operator's, or one that all
 * others share. Keys that somebody invents are not many who ask.
 */
export function recallOwner(
  { headers: { authorization = '' }, socket }: Pick<Credentials, 'headers' | 'socket'>,
  { adminKeyDigest, keyMemory }: Pick<AuthenticateDeps, 'adminKeyDigest' | 'keyMemory'>,
): string {
  const sent = readBearer(authorization, socket);
  if (!sent) return ANYONE;
  const live = sent.keyId === null ? null : keyMemory.recall(sent.keyId);
  if (sameDigest(sent.digest, live?.digest ?? adminKeyDigest)) return live?.tenantId ?? 'operator';
  return ANYONE;
}
