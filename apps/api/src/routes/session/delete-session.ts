import { endSession } from '@posthorn/store/operator/end-session';
import type { Deps } from '../../deps.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { setSessionCookie } from '../../http/session-cookie.ts';
import type { Call } from '../define-route.ts';

/** `DELETE /v1/session` */
export async function deleteSession(
  { caller, secure }: Call<null>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  if (caller?.session) await endSession(database, caller.session.id);
  return { ...noContent, headers: { 'Set-Cookie': setSessionCookie('', 0, secure) } };
}
