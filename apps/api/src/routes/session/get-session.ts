import type { Deps } from '../../deps.ts';
import { type Answer, noContent, noStore, ok } from '../../http/answer.ts';
import { AppError } from '../../http/app-error.ts';
import { authenticate } from '../../http/authenticate.ts';
import type { Call } from '../define-route.ts';
import { showSession } from './show-session.ts';

/** `GET /v1/session`: that nobody is signed in is an answer, and no error for a browser to log. */
export async function getSession({ header, secure }: Call<null>, deps: Deps): Promise<Answer> {
  const authorization = header('authorization');
  const credentials = { method: 'GET', secure, headers: { authorization, cookie: header('cookie') } };
  try {
    const caller = await authenticate(credentials, deps);
    return { ...ok(await showSession(caller, caller.session, deps)), headers: noStore };
  } catch (error) {
    const isNobody = authorization === undefined && error instanceof AppError && error.code === 'unauthorized';
    if (isNobody) return { ...noContent, headers: noStore };
    throw error;
  }
}
