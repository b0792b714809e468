import { endSession } from '@posthorn/store/operator/end-session';
import type { Deps } from '../../deps.ts';
import { type Answer, noContent } from '../../http/answer.ts';
import { readSessionCookie, setSessionCookie } from '../../http/session-cookie.ts';
import type { Call } from '../define-route.ts';

/** `DELETE /v1/session` */
export async function deleteSession(
  { header, secure }: Call<null>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const cookie = readSessionCookie(header('cookie'), secure);
  if (cookie) await endSession(database, cookie.id, cookie.digest);
  return { ...noContent, headers: { 'Set-Cookie': setSessionCookie('', 0, secure) } };
}
