import { findSubject } from '@posthorn/store/tenant/find-subject';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { findLifecycle } from './find-lifecycle.ts';

/** `GET /v1/lifecycles/{lifecycle}/{subject}` */
export async function getSubject({ tenant, params }: Call): Promise<Answer> {
  const { name } = findLifecycle(tenant, params);
  const found = await findSubject(tenant.database, name, params.subject);
  if (!found) throw notFound();
  return ok({ lifecycle: name, subject: params.subject, ...found });
}
