import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Certificate, Endpoint } from '@posthorn/http-api/endpoint';
import type { SecretBox } from '@posthorn/store/create-secret-box';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { EndpointRow } from '@posthorn/store/tenant/find-endpoint';
import type { SignatureAlgorithm } from '@posthorn/wire/signing-key';
import type { TenantScope } from '../../http/resolve-tenant.ts';

/** Custom headers may hold the receiver's credentials: names are shown, values are not. */
function maskedHeaders({ id, headersSealed }: EndpointRow, box: SecretBox): Endpoint['headers'] {
  if (headersSealed === null) return {};
  const headers = JSON.parse(box.open(headersSealed, sealedFor(id, 'headers'))) as object;
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '***']));
}

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
  profile: profile.name,
  signature_algorithm: newestAlgorithm(row),
  public_keys: livePublicKeys(row, new Date()),
  ca_certificate: JSON.parse(row.caSummary ?? 'null') as Certificate[] | null,
  client_certificate: JSON.parse(row.clientSummary ?? 'null') as Certificate | null,
  created_at: row.createdAt.toISOString(),
});
