import { subjectName } from '@posthorn/http-api/lifecycle';
import type { Lifecycle } from '@posthorn/wire/lifecycle';
import { notFound } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { PathParams } from '../define-route.ts';

/**
 * The lifecycle that a path names.
 *
 * @throws AppError `not_found` when the tenant's profile has none of that name, or no subject can have that name
 */
export function findLifecycle({ profile }: TenantScope, { lifecycle: name, subject }: PathParams): Lifecycle {
  const lifecycle = profile.lifecycles.find((known) => known.name === name);
  if (!lifecycle) {
    const names = profile.lifecycles.map((known) => known.name).join(', ') || 'none';
    throw notFound(`The profile ${profile.name} has no lifecycle of this name; it has ${names}.`);
  }
  if (!subjectName.safeParse(subject).success) throw notFound('A subject’s name has 1 to 200 characters.');
  return lifecycle;
}
