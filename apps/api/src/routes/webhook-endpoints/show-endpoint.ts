import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { SecretBox } from '@posthorn/store/create-secret-box';
import type { EndpointRow } from '@posthorn/store/tenant/find-endpoint';
import type { SignatureAlgorithm } from '@posthorn/wire/signing-key';
import type { TenantScope } from '../../http/resolve-tenant.ts';

/** Custom headers may hold the receiver's credentials: names are shown, values are not. */
function maskedHeaders({ id, headersSealed }: EndpointRow, box: SecretBox): Endpoint['headers'] {
  if (headersSealed === null) return {};
  const headers = JSON.parse(box.open(headersSealed, headersContext(id))) as object;
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '***']));
}

/** Where an endpoint's custom headers are sealed for. */
export const headersContext = (endpointId: string): string => `${endpointId}/headers`;
/** Where an endpoint's signing secrets are sealed for, the current and the next alike. */
export const secretContext = (endpointId: string): string => `${endpointId}/secret`;

type Keys = Pick<EndpointRow, 'publicKey' | 'nextPublicKey' | 'overlapEndsAt'>;

/** Public keys that verify now: two while a rotation's overlap lasts and both are key pairs. */
export function livePublicKeys({ publicKey, nextPublicKey, overlapEndsAt }: Keys, now: Date): string[] {
  const ended = overlapEndsAt !== null && overlapEndsAt <= now;
  return [ended ? null : publicKey, nextPublicKey].filter((key) => key !== null);
}

/** How the newest secret signs, be its rotation's overlap over or not. */
export function newestAlgorithm({ publicKey, nextPublicKey, overlapEndsAt }: Keys): SignatureAlgorithm {
  return (overlapEndsAt === null ? publicKey : nextPublicKey) === null ? 'hmac-sha256' : 'ed25519';
}

/** An endpoint as the API shows it. */
export const showEndpoint = (
  row: EndpointRow,
  { profile }: Pick<TenantScope, 'profile'>,
  box: SecretBox,
): Endpoint => ({
  id: encodeTypeId('endpoint', row.id),
  url: row.url,
  events: row.events,
  description: row.description,
  headers: maskedHeaders(row, box),
  rate_limit: row.rateLimit,
  status: row.status as Endpoint['status'],
  disabled_reason: row.disabledReason,
  disabled_by: row.disabledBy as Endpoint['disabled_by'],
  failure_policy: { warn_after_seconds: row.warnAfterSeconds, disable_after_seconds: row.disableAfterSeconds },
  health: {
    consecutive_failures: row.health?.consecutiveFailures ?? 0,
    first_failure_at: row.health?.firstFailureAt?.toISOString() ?? null,
    last_failure_at: row.health?.lastFailureAt?.toISOString() ?? null,
    last_success_at: row.health?.lastSuccessAt?.toISOString() ?? null,
  },
  profile: profile.name,
  signature_algorithm: newestAlgorithm(row),
  public_keys: livePublicKeys(row, new Date()),
  created_at: row.createdAt.toISOString(),
});
