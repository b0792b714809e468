import { type BinaryLike, createHmac, type KeyObject } from 'node:crypto';
import type { SignatureScheme } from './profile.ts';
import { signingKey } from './signing-key.ts';

/** What one attempt signs. */
export interface SignInput {
  /** The text that is sent, unchanged. */
  readonly body: string;
  /** Unix seconds of this attempt. */
  readonly timestamp: number;
  readonly eventId: string;
  readonly deliveryId: string;
  /** The secret that receivers know. */
  readonly secret: string;
  /** The secret that takes over when the rotation's overlap ends, if one is under way. */
  readonly nextSecret?: string | undefined;
}

/** The text under the signature, joined from the scheme's parts. */
export function signedText(scheme: SignatureScheme, id: string, timestamp: string, body: string): string {
  const parts = { id, timestamp, body };
  return scheme.signed.map((part) => parts[part]).join('.');
}

/** The signature as it stands in the header, prefix included. */
export function signatureOf(scheme: SignatureScheme, key: BinaryLike | KeyObject, text: string): string {
  return scheme.signaturePrefix + createHmac('sha256', key).update(text).digest(scheme.encoding);
}

/**
 * The headers that prove this attempt: signature, and timestamp and id where the profile has them.
 * During a rotation both secrets sign (see {@link SignatureScheme.rotation}).
 */
export function sign(scheme: SignatureScheme, input: SignInput): Record<string, string> {
  const id = scheme.idHeader?.of === 'delivery' ? input.deliveryId : input.eventId;
  const timestamp = String(input.timestamp);
  const text = signedText(scheme, id, timestamp, input.body);
  const signatureWith = (secret: string): string => signatureOf(scheme, signingKey(scheme.secretFormat, secret), text);

  const headers: Record<string, string> = {};
  if (scheme.idHeader) headers[scheme.idHeader.name] = id;
  if (scheme.timestampHeader) headers[scheme.timestampHeader] = timestamp;
  headers[scheme.signatureHeader] = signatureWith(input.secret);
  if (input.nextSecret === undefined) return headers;

  const next = signatureWith(input.nextSecret);
  if (scheme.rotation === 'list') headers[scheme.signatureHeader] += ` ${next}`;
  else headers[nextSignatureHeader(scheme)] = next;
  return headers;
}

/** The header that carries the new secret's signature during a rotation. */
export function nextSignatureHeader(scheme: SignatureScheme): string {
  return `${scheme.signatureHeader}-Next`;
}
