import type { Session } from '@posthorn/http-api/session';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, call, onForbidden, read, setActingTenant, setCsrfToken } from './client.ts';
import { enter, leave } from './leaving.ts';
import { startPage } from './start-page.ts';

const TENANT_KEY = 'posthorn.tenant';
/** Tabs tell each other that somebody signed in or out. */
const channel = new BroadcastChannel('posthorn.session');

export const sessionKey = ['session'] as const;

/** Whom this page is for. */
let held: Session | null = null;

const isSameCaller = (a: Session, b: Session): boolean => a.kind === b.kind && a.tenant_id === b.tenant_id;

/** The operator's choice is each tab's own; a new tab begins with the latest. */
const chosenTenant = (): string | null => sessionStorage.getItem(TENANT_KEY) ?? localStorage.getItem(TENANT_KEY);

function remember(session: Session): Session {
  // Whatever the page holds is of the caller before.
  if (held && !isSameCaller(held, session)) startPage();
  if (!held) {
    setActingTenant(session.kind === 'operator' ? chosenTenant() : session.tenant_id);
    enter();
  }
  held = session;
  setCsrfToken(session.csrf_token);
  return session;
}

async function readSession(): Promise<Session | null> {
  const session = await read<Session | undefined>('/v1/session');
  return session ? remember(session) : null;
}

/** The session; `null` when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: 60_000,
  refetchInterval: 60_000,
  queryFn: readSession,
});

/** A refusal may be of a session that is no longer the browser's: with the token of the present one it may pass. */
onForbidden(async () => {
  const before = held?.csrf_token;
  const now = await readSession().catch(() => null);
  return now !== null && now.csrf_token !== before;
});

/** @param listener called when another tab signed in or out */
export const onOtherTab = (listener: () => void): void => channel.addEventListener('message', listener);

export async function signIn(apiKey: string): Promise<Session> {
  const session = await call<Session>('POST', '/v1/session', { api_key: apiKey });
  held = null;
  channel.postMessage('in');
  return remember(session);
}

/** Forgets whom the page was for. */
export function forgetSession(): void {
  held = null;
  setCsrfToken(null);
  setActingTenant(null);
}

/** Ends the session; one that is over already is none to end. */
export async function signOut(): Promise<void> {
  await leave(async () => {
    await call('DELETE', '/v1/session').catch((error: unknown) => {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
    });
  });
  forgetSession();
  channel.postMessage('out');
}

/** As which tenant the operator acts from now on, in this tab and in those that are opened later. */
export function actAs(tenantId: string): void {
  localStorage.setItem(TENANT_KEY, tenantId);
  sessionStorage.setItem(TENANT_KEY, tenantId);
  startPage();
}
