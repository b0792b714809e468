import { checkEndpointUrl } from '@posthorn/domain/egress/check-endpoint-url';
import type { EgressRules } from '@posthorn/domain/egress/egress-rules';
import type { FieldProblem } from '@posthorn/http-api/problem';
import { unknownTypes } from '../../events/find-types.ts';
import { invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import { type WantedSecret, wantedSecretProblems } from './make-secret.ts';
import { readTlsFields, type TlsChanges, type TlsFields } from './read-tls-fields.ts';

/** The fields of an endpoint that schemas alone cannot judge. */
interface CheckedFields extends WantedSecret, TlsFields {
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly events?: readonly string[] | undefined;
}

async function eventProblems(tenant: TenantScope, events: readonly string[]): Promise<FieldProblem[]> {
  const unknown = await unknownTypes(tenant, events);
  return events.flatMap((name, index) =>
    unknown.has(name) ? [{ path: `events.${index}`, message: 'is not an event type of this tenant' }] : [],
  );
}

/** What the endpoint has so far; for a new one, nothing. */
interface CurrentFields {
  readonly url?: string;
  /** Not `null`: it has custom headers. */
  readonly headersSealed?: string | null;
  readonly caSummary: string | null;
  readonly clientSummary: string | null;
}

/** Over plain HTTP an identity would never be used, and nobody would notice. */
function plainHttpProblems(url: string | undefined, current: CurrentFields, changes: TlsChanges): FieldProblem[] {
  if (!(url ?? current.url)?.startsWith('http:')) return [];
  const { ca = current.caSummary, client = current.clientSummary } = changes;
  const message = 'needs a url that starts with https://';
  return [
    ...(ca === null ? [] : [{ path: 'ca_certificate', message }]),
    ...(client === null ? [] : [{ path: 'client_certificate', message }]),
  ];
}

/** Stored headers are credentials for the host that they were given for; a changed URL must not carry them to another. */
function movedHeaderProblems(
  url: string | undefined,
  { headers }: CheckedFields,
  current: CurrentFields,
): FieldProblem[] {
  const { url: before, headersSealed = null } = current;
  if (url === undefined || before === undefined || headers !== undefined || headersSealed === null) return [];
  if (new URL(url).origin === new URL(before).origin) return [];
  const message =
    'must be sent again with a url of another host, port or scheme, {} for none: the stored ones stay with the former';
  return [{ path: 'headers', message }];
}

/**
 * Judges a URL by the egress rules, the types by the catalog, a secret by the profile, and certificates by what TLS can use.
 *
 * @returns the normalised URL, where one was given, and what changes of its TLS identity
 * @throws AppError `invalid` that names every wrong field
 */
export async function checkEndpoint(
  tenant: TenantScope,
  asked: CheckedFields,
  policy: EgressRules,
  current: CurrentFields,
): Promise<{ readonly url?: string; readonly tls: TlsChanges }> {
  const { url, events, ...wanted } = asked;
  const checked = url === undefined ? null : checkEndpointUrl(url, policy);
  const tls = readTlsFields(wanted, new Date());
  const problems = [
    ...(checked?.ok === false ? [{ path: 'url', message: checked.problem }] : []),
    ...(events ? await eventProblems(tenant, events) : []),
    ...wantedSecretProblems(tenant.profile, wanted),
    ...tls.problems,
    ...movedHeaderProblems(checked?.ok ? checked.href : undefined, asked, current),
    ...plainHttpProblems(checked?.ok ? checked.href : undefined, current, tls.changes),
  ];
  if (problems.length > 0) throw invalid(...problems);
  return { ...(checked?.ok && { url: checked.href }), tls: tls.changes };
}
