import { encodeTypeId } from '@posthorn/domain/type-id';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { Profile } from '@posthorn/wire/profile';
import { maskSignatures, nextSignatureHeader, sign } from '@posthorn/wire/sign';
import type { TlsIdentity } from '../send/create-identity-agents.ts';
import type { OutgoingRequest } from '../send/outgoing-request.ts';

/** What a request is made from. Secrets are open here and nowhere else. */
export interface RequestParts {
  readonly delivery: ClaimedDelivery;
  readonly profile: Profile;
  readonly secret: string;
  readonly nextSecret: string | undefined;
  /** The customer's own headers; they never override ours, registration refuses such names. */
  readonly customHeaders: Readonly<Record<string, string>>;
  /** Opened like the secrets; `null` where the endpoint has none of its own. */
  readonly tls: TlsIdentity | null;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly version: string;
}

export interface BuiltRequest {
  readonly request: OutgoingRequest;
  /** The headers as the attempt log shows them: signatures and the customer's own values masked. */
  readonly shownHeaders: Readonly<Record<string, string>>;
  /** The values that are masked there, as they are sent. */
  readonly hiddenValues: readonly string[];
}

const MASK = '***';

/** A profile that came after a customer's header may use its name, in any case of letters. */
function withoutOurs(custom: Readonly<Record<string, string>>, ours: object): Readonly<Record<string, string>> {
  if (Object.keys(custom).length === 0) return custom;
  const taken = new Set(Object.keys(ours).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(custom).filter(([name]) => !taken.has(name.toLowerCase())));
}

/** Builds one attempt: the stored bytes, with a fresh timestamp and signature. */
export function buildRequest(parts: RequestParts): BuiltRequest {
  const { delivery, profile, customHeaders } = parts;
  const eventId = encodeTypeId('event', delivery.eventId);
  const deliveryId = encodeTypeId('delivery', delivery.id);
  const signed = sign(profile.signature, {
    body: delivery.payload,
    timestamp: parts.timestamp,
    eventId,
    deliveryId,
    deliveryUuid: delivery.id,
    type: delivery.type,
    secret: parts.secret,
    nextSecret: parts.nextSecret,
  });
  const ours = {
    'Content-Type': 'application/json',
    'User-Agent': `Posthorn/${parts.version}`,
    'X-Posthorn-Event': eventId,
    'X-Posthorn-Delivery': deliveryId,
    'X-Posthorn-Attempt': String(delivery.number),
    ...signed,
  };
  const { signature } = profile;
  const custom = withoutOurs(customHeaders, ours);
  const shownHeaders: Record<string, string> = {};
  for (const name of Object.keys(custom)) shownHeaders[name] = MASK;
  const hiddenValues = Object.values(custom);
  for (const [name, value] of Object.entries(ours)) {
    const secret = name === signature.header || name === nextSignatureHeader(signature);
    shownHeaders[name] = secret ? maskSignatures(signature, value) : value;
    if (secret) hiddenValues.push(value);
  }
  return {
    request: {
      url: delivery.endpoint.url,
      headers: { ...custom, ...ours },
      body: delivery.payload,
      timeoutMs: profile.timeoutMs,
      tls: parts.tls,
    },
    shownHeaders,
    hiddenValues,
  };
}
