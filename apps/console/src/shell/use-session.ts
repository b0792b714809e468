import type { Scope } from '@posthorn/domain/scopes';
import type { Session } from '@posthorn/http-api/session';
import { createContext, useContext } from 'react';
import { type View, views } from './views.ts';

/** The shell gives it to its views, and takes them away with it: none sees the moment in which a session is over. */
export const SessionContext = createContext<Session | null>(null);

/** The session of whoever is signed in. Only for views behind the sign-in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Only views within the shell have a session');
  return session;
}

const implied: Partial<Record<Scope, Scope>> = {
  'webhooks:read': 'webhooks:write',
  'connections:read': 'connections:write',
};

/** Whether a session may do what needs a scope. */
export function mayUse({ kind, scopes }: Pick<Session, 'kind' | 'scopes'>, scope: Scope): boolean {
  const wider = implied[scope];
  return kind === 'operator' || scopes.includes(scope) || (wider !== undefined && scopes.includes(wider));
}

/** Whether whoever is signed in may do what needs a scope. What they may not do is not shown, or disabled with the reason. */
export const useMay = (scope: Scope): boolean => mayUse(useSession(), scope);

/** The views that whoever is signed in may see. */
export function useViews(): readonly View[] {
  const session = useSession();
  return views.filter(({ scope }) => scope === null || mayUse(session, scope));
}
