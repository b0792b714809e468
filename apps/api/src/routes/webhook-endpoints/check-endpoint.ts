import { checkEndpointUrl, type EgressPolicy } from '@posthorn/domain/egress/check-endpoint-url';
import type { FieldProblem } from '@posthorn/http-api/problem';
import { unknownTypes } from '../../events/find-types.ts';
import { invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import { type WantedSecret, wantedSecretProblems } from './make-secret.ts';

/** The fields of an endpoint that schemas alone cannot judge. */
interface CheckedFields extends WantedSecret {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
}

async function eventProblems(tenant: TenantScope, events: readonly string[]): Promise<FieldProblem[]> {
  const unknown = await unknownTypes(tenant, events);
  return events.flatMap((name, index) =>
    unknown.has(name) ? [{ path: `events.${index}`, message: 'is not an event type of this tenant' }] : [],
  );
}

/**
 * Judges a URL by the egress rules, the types by the catalog, and a secret by the profile.
 *
 * @returns the normalised URL, where one was given
 * @throws AppError `invalid` that names every wrong field
 */
export async function checkEndpoint(
  tenant: TenantScope,
  { url, events, ...wanted }: CheckedFields,
  policy: EgressPolicy,
): Promise<{ readonly url?: string }> {
  const checked = url === undefined ? null : checkEndpointUrl(url, policy);
  const problems = [
    ...(checked?.ok === false ? [{ path: 'url', message: checked.problem }] : []),
    ...(events ? await eventProblems(tenant, events) : []),
    ...wantedSecretProblems(tenant.profile, wanted),
  ];
  if (problems.length > 0) throw invalid(...problems);
  return checked?.ok ? { url: checked.href } : {};
}
