import { type BinaryLike, createHmac, type KeyObject } from 'node:crypto';
import { fillTemplate } from './fill-template.ts';
import type { SignatureScheme } from './profile.ts';
import { signingKey } from './signing-key.ts';

/** What one attempt signs, and what its headers are filled from. */
export interface SignInput {
  /** The text that is sent, unchanged. */
  readonly body: string;
  /** Unix seconds of this attempt. */
  readonly timestamp: number;
  readonly eventId: string;
  readonly deliveryId: string;
  /** The delivery's id as a UUID. */
  readonly deliveryUuid: string;
  readonly type: string;
  /** The secret that receivers know. */
  readonly secret: string;
  /** The secret that takes over when the rotation's overlap ends, if one is under way. */
  readonly nextSecret?: string | undefined;
}

/** The signature as it stands in the header, in its format. */
export function signatureOf(scheme: SignatureScheme, key: BinaryLike | KeyObject, text: string): string {
  const signature = createHmac('sha256', key).update(text).digest(scheme.encoding);
  return fillTemplate(scheme.format, { signature });
}

/**
 * The headers that prove this attempt: the signature, and those that the scheme sends beside it.
 * During a rotation both secrets sign (see {@link SignatureScheme.rotation}).
 */
export function sign(scheme: SignatureScheme, input: SignInput): Record<string, string> {
  const values = {
    timestamp: String(input.timestamp),
    event_id: input.eventId,
    delivery_id: input.deliveryId,
    delivery_uuid: input.deliveryUuid,
    type: input.type,
    body: input.body,
  };
  const text = fillTemplate(scheme.signed, values);
  const lead = scheme.lead === '' ? [] : [fillTemplate(scheme.lead, values)];
  const signatureWith = (secret: string): string => signatureOf(scheme, signingKey(scheme.secretFormat, secret), text);
  const headerWith = (...signatures: string[]): string => [...lead, ...signatures].join(scheme.separator);

  const headers: Record<string, string> = {};
  for (const { name, from } of scheme.headers) headers[name] = values[from];
  const current = signatureWith(input.secret);
  if (input.nextSecret === undefined) return { ...headers, [scheme.header]: headerWith(current) };

  const next = signatureWith(input.nextSecret);
  if (scheme.rotation === 'list') return { ...headers, [scheme.header]: headerWith(current, next) };
  return { ...headers, [scheme.header]: headerWith(current), [nextSignatureHeader(scheme)]: headerWith(next) };
}

/** The header that carries the new secret's signature during a rotation. */
export function nextSignatureHeader(scheme: Pick<SignatureScheme, 'header'>): string {
  return `${scheme.header}-Next`;
}

/** The signature header's text with its signatures hidden, for logs that people read. */
export function maskSignatures(scheme: SignatureScheme, value: string): string {
  const mask = fillTemplate(scheme.format, { signature: '***' });
  if (scheme.separator === '') return mask;
  const parts = value.split(scheme.separator);
  const lead = scheme.lead === '' ? 0 : 1;
  return parts.map((part, index) => (index < lead ? part : mask)).join(scheme.separator);
}
