import type { Session } from '@posthorn/http-api/session';
import { queryOptions } from '@tanstack/react-query';
import { call, read, setActingTenant, setCsrfToken } from './client.ts';

const TENANT_KEY = 'posthorn.tenant';

export const sessionKey = ['session'] as const;

const remember = (session: Session): Session => {
  setCsrfToken(session.csrf_token);
  setActingTenant(session.kind === 'operator' ? localStorage.getItem(TENANT_KEY) : null);
  return session;
};

/** The session; `null` when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: 60_000,
  refetchInterval: 60_000,
  queryFn: async (): Promise<Session | null> => {
    const session = await read<Session | undefined>('/v1/session');
    return session ? remember(session) : null;
  },
});

export const signIn = async (apiKey: string): Promise<Session> =>
  remember(await call<Session>('POST', '/v1/session', { api_key: apiKey }));

export async function signOut(): Promise<void> {
  await call('DELETE', '/v1/session');
  setCsrfToken(null);
}

/** As which tenant the operator acts from now on; remembered in this browser. */
export function actAs(tenantId: string): void {
  localStorage.setItem(TENANT_KEY, tenantId);
  setActingTenant(tenantId);
}
