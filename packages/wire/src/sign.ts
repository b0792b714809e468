import { Buffer } from 'node:buffer';
import { createHmac, sign as signWith } from 'node:crypto';
import { fillTemplate, readTemplate } from './fill-template.ts';
import type { SignatureScheme } from './profile.ts';
import { type SigningKey, signingKey } from './signing-key.ts';

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

/** How one signature of this scheme stands in the header. */
const formatOf = (scheme: SignatureScheme, algorithm: SigningKey['algorithm']): string =>
  algorithm === 'ed25519' && scheme.keyPair !== null ? scheme.keyPair.format : scheme.format;

/** The signature as it stands in the header, in its format. */
export function signatureOf(scheme: SignatureScheme, { algorithm, key }: SigningKey, text: string): string {
  const bytes =
    algorithm === 'ed25519'
      ? signWith(null, Buffer.from(text, 'utf8'), key)
      : createHmac('sha256', key).update(text).digest();
  return fillTemplate(formatOf(scheme, algorithm), { signature: bytes.toString(scheme.encoding) });
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
  const signatureWith = (secret: string): string => signatureOf(scheme, signingKey(scheme, secret), text);
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

/** A signature of either kind, hidden: which of the two signed stays to be seen. */
function maskSignature(scheme: SignatureScheme, signature: string): string {
  const { keyPair } = scheme;
  const ofKeyPair = keyPair !== null && readTemplate(keyPair.format, signature) !== undefined;
  return fillTemplate(formatOf(scheme, ofKeyPair ? 'ed25519' : 'hmac-sha256'), { signature: '***' });
}

/** The signature header's text with its signatures hidden, for logs that people read. */
export function maskSignatures(scheme: SignatureScheme, value: string): string {
  if (scheme.separator === '') return maskSignature(scheme, value);
  const parts = value.split(scheme.separator);
  const lead = scheme.lead === '' ? 0 : 1;
  return parts.map((part, index) => (index < lead ? part : maskSignature(scheme, part))).join(scheme.separator);
}
