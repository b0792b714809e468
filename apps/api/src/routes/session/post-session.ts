import type { signInBody } from '@posthorn/http-api/session';
import { newId } from '@posthorn/runtime/new-id';
import { createSession } from '@posthorn/store/operator/create-session';
import { endSession } from '@posthorn/store/operator/end-session';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, created, noStore } from '../../http/answer.ts';
import { authenticateKey } from '../../http/authenticate.ts';
import { makeSessionCookie, readSessionCookie, setSessionCookie } from '../../http/session-cookie.ts';
import type { Call } from '../define-route.ts';
import { showSession } from './show-session.ts';

/** A session is over after this, whatever its key. */
const LASTS_SECONDS = 43_200;

/** `POST /v1/session`: the key itself is neither stored nor put into the cookie. */
export async function postSession(
  { body, header, secure }: Call<null, undefined, z.output<typeof signInBody>>,
  deps: Deps,
): Promise<Answer> {
  const caller = await authenticateKey(body.api_key, deps);
  const former = readSessionCookie(header('cookie'));
  if (former) await endSession(deps.database, former.id, former.digest);
  const { id, digest, csrfToken, value } = makeSessionCookie(newId());
  const isOperator = caller.kind === 'operator';
  const expiresAt = await createSession(deps.database, {
    id,
    digest,
    keyId: isOperator ? null : caller.keyId,
    operatorDigest: isOperator ? deps.adminKeyDigest : null,
    lastsSeconds: LASTS_SECONDS,
  });
  return {
    ...created(await showSession(caller, { id, csrfToken, expiresAt }, deps)),
    headers: { ...noStore, 'Set-Cookie': setSessionCookie(value, LASTS_SECONDS, secure) },
  };
}
