import type { SecretBox } from '@posthorn/store/create-secret-box';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import { sealedFor } from '@posthorn/store/sealed-columns';
import type { TlsIdentity } from '../send/create-identity-agents.ts';
import type { RequestParts } from './build-request.ts';

function openIdentity(box: SecretBox, { endpointId, endpoint }: ClaimedDelivery): TlsIdentity | null {
  const { caCertificate: ca, clientCertificate: certificate, clientKeySealed } = endpoint;
  if (ca === null && certificate === null) return null;
  const client =
    certificate === null || clientKeySealed === null
      ? null
      : { certificate, key: box.open(clientKeySealed, sealedFor(endpointId, 'client-key')) };
  return { endpointId, ca, client };
}

/** Opens what an endpoint's row holds sealed. */
export function openEndpoint(
  box: SecretBox,
  delivery: ClaimedDelivery,
): Pick<RequestParts, 'secret' | 'nextSecret' | 'customHeaders' | 'tls'> {
  const { endpointId, endpoint } = delivery;
  const { secretSealed, nextSecretSealed, headersSealed } = endpoint;
  const secretOf = (sealed: string): string => box.open(sealed, sealedFor(endpointId, 'secret'));
  const headers = headersSealed === null ? '{}' : box.open(headersSealed, sealedFor(endpointId, 'headers'));
  return {
    secret: secretOf(secretSealed),
    nextSecret: nextSecretSealed === null ? undefined : secretOf(nextSecretSealed),
    customHeaders: JSON.parse(headers) as Record<string, string>,
    tls: openIdentity(box, delivery),
  };
}
