import type { signInBody } from '@posthorn/http-api/session';
import { newId } from '@posthorn/runtime/new-id';
import { createSession } from '@posthorn/store/operator/create-session';
import { endSession } from '@posthorn/store/operator/end-session';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, created, noStore } from '../../http/answer.ts';
import { AppError } from '../../http/app-error.ts';
import { authenticateKey } from '../../http/authenticate.ts';
import { makeSessionCookie, readSessionCookie, setSessionCookie } from '../../http/session-cookie.ts';
import type { Call } from '../define-route.ts';
import { showSession } from './show-session.ts';

/** A session is over after this, whatever its key. */
const LASTS_SECONDS = 43_200;

/** Browsers say from where a request comes: nobody is to be signed in by a page of somebody else's. */
function refuseOtherSites(from: string | undefined): void {
  if (from === undefined || from === 'same-origin' || from === 'none') return;
  throw new AppError('forbidden', { detail: 'Sign in from the console’s own page.' });
}

/** `POST /v1/session`: the key itself is neither stored nor put into the cookie. */
export async function postSession(
  { body, header, secure }: Call<null, undefined, z.output<typeof signInBody>>,
  deps: Deps,
): Promise<Answer> {
  refuseOtherSites(header('sec-fetch-site'));
  const caller = await authenticateKey(body.api_key, deps);
  const former = readSessionCookie(header('cookie'), secure);
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
