import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Certificate, Endpoint } from '@posthorn/http-api/endpoint';
import { MASKED_HEADER } from '@posthorn/http-api/endpoint-headers';
import type { SecretBox } from '@posthorn/store/create-secret-box';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { EndpointRow } from '@posthorn/store/tenant/find-endpoint';
import type { SignatureAlgorithm } from '@posthorn/wire/signing-key';
import type { TenantScope } from '../../http/resolve-tenant.ts';

/** Custom headers may hold the receiver's credentials: names are shown, values are not. */
function maskedHeaders({ id, headersSealed }: EndpointRow, box: SecretBox): Endpoint['headers'] {
  if (headersSealed === null) return {};
  const headers = JSON.parse(box.open(headersSealed, sealedFor(id, 'headers'))) as object;
  return Object.fromEntries(Object.keys(headers).map((name) => [name, MASKED_HEADER]));
}

type Keys = Pick<EndpointRow, 'publicKey' | 'nextPublicKey' | 'overlapEndsAt'>;

const hasEnded = (overlapEndsAt: Date | null, now: Date): boolean => overlapEndsAt !== null && overlapEndsAt <= now;

/** Public keys that verify now: two while a rotation's overlap lasts and both are key pairs. */
export function livePublicKeys({ publicKey, nextPublicKey, overlapEndsAt }: Keys, now: Date): string[] {
  return [hasEnded(overlapEndsAt, now) ? null : publicKey, nextPublicKey].filter((key) => key !== null);
}

/** Until when two secrets are live, RFC 3339; `null` once one is. What has ended stays in the row until the next rotation. */
const liveOverlap = ({ overlapEndsAt }: Keys, now: Date): string | null =>
  hasEnded(overlapEndsAt, now) ? null : (overlapEndsAt?.toISOString() ?? null);

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
  ordering_skip_after: row.orderingSkipAfter,
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
  secret_overlap_ends_at: liveOverlap(row, new Date()),
  ca_certificate: JSON.parse(row.caSummary ?? 'null') as Certificate[] | null,
  client_certificate: JSON.parse(row.clientSummary ?? 'null') as Certificate | null,
  created_at: row.createdAt.toISOString(),
});
