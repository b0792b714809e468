import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual, verify as verifyWith } from 'node:crypto';
import { fillTemplate, placeholdersOf, readTemplate } from './fill-template.ts';
import { openPublicKey, PUBLIC_KEY_PREFIX } from './key-pair.ts';
import type { KeyPairScheme, SignatureScheme } from './profile.ts';
import { nextSignatureHeader, signatureOf } from './sign.ts';
import { hmacKey, isHmacSecret } from './signing-key.ts';

/** Seed 003: reject deliveries whose timestamp is outside a window of about five minutes. */
export const TOLERANCE_SECONDS = 300;

/** Header names in any case, as node:http, Express or a plain object hold them. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a receiver hands in. */
export interface VerifyInput {
  readonly headers: ReceivedHeaders;
  /** The raw body, before any JSON parser touched it. */
  readonly body: string;
  /** Every secret that may be live: one, or two during a rotation. Of a key pair, its public key `whpk_…`. */
  readonly secrets: readonly string[];
  /** The receiver's clock, in unix seconds. */
  readonly now: number;
  /** How far the timestamp may be off, either way, in seconds; default {@link TOLERANCE_SECONDS}. */
  readonly toleranceSeconds?: number;
}

/** Why a delivery was not accepted. */
export type VerifyFailure = 'missing_header' | 'malformed_timestamp' | 'stale_timestamp' | 'wrong_signature';

export type VerifyResult = { readonly ok: true } | { readonly ok: false; readonly reason: VerifyFailure };

const failed = (reason: VerifyFailure): VerifyResult => ({ ok: false, reason });

/** A header's value, whatever the case of its name; several are one with commas between. */
export function headerValue(headers: ReceivedHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === wanted);
  const value = key === undefined ? undefined : headers[key];
  return typeof value === 'object' ? value.join(',') : value;
}

/** Compares digests of both texts, so neither content nor length shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function timestampFailure(text: string, now: number, toleranceSeconds: number): VerifyFailure | null {
  if (!/^\d{1,12}$/.test(text)) return 'malformed_timestamp';
  return Math.abs(now - Number(text)) > toleranceSeconds ? 'stale_timestamp' : null;
}

/** What a signature header holds: its signatures, and the timestamp where the scheme puts it there. */
export interface SignatureHeader {
  readonly signatures: readonly string[];
  readonly timestamp: string | undefined;
}

function readSignatureHeader(scheme: SignatureScheme, value: string): SignatureHeader {
  const parts = scheme.separator === '' ? [value] : value.split(scheme.separator);
  if (scheme.lead === '') return { signatures: parts, timestamp: undefined };
  const [lead = '', ...signatures] = parts;
  return { signatures, timestamp: readTemplate(scheme.lead, lead) };
}

/** Every signature that the request carries: in the usual header, a list where the scheme has lists, and in `-Next`. */
export function readSignatures(scheme: SignatureScheme, headers: ReceivedHeaders): SignatureHeader {
  const values = [headerValue(headers, scheme.header), headerValue(headers, nextSignatureHeader(scheme))];
  const read = values.filter((value) => value !== undefined).map((value) => readSignatureHeader(scheme, value));
  return { signatures: read.flatMap(({ signatures }) => signatures), timestamp: read[0]?.timestamp };
}

/** The values that the signed text is made of, as the request's headers give them. */
function readValues(scheme: SignatureScheme, headers: ReceivedHeaders, lead: string | undefined) {
  const values: Record<string, string | undefined> = {};
  for (const { name, from } of scheme.headers) values[from] = headerValue(headers, name);
  return lead === undefined ? values : { ...values, timestamp: lead };
}

type Matcher = (signature: string) => boolean;

function matchesPublicKey(
  scheme: SignatureScheme,
  { format }: KeyPairScheme,
  publicKey: string,
  text: string,
): Matcher {
  const key = openPublicKey(publicKey);
  return (signature) => {
    const encoded = readTemplate(format, signature);
    return (
      encoded !== undefined && verifyWith(null, Buffer.from(text, 'utf8'), key, Buffer.from(encoded, scheme.encoding))
    );
  };
}

/** Whether a signature is this secret's, or was made by the other half of this public key. */
function matcherOf(scheme: SignatureScheme, secret: string, text: string): Matcher {
  if (scheme.keyPair !== null && secret.startsWith(PUBLIC_KEY_PREFIX)) {
    return matchesPublicKey(scheme, scheme.keyPair, secret, text);
  }
  if (!isHmacSecret(scheme.secretFormat, secret)) return () => false;
  const key = hmacKey(scheme.secretFormat, secret);
  const expected = signatureOf(scheme, { algorithm: 'hmac-sha256', key }, text);
  return (signature) => sameText(signature, expected);
}

/**
 * Decides whether a request is an authentic, fresh delivery of this scheme.
 *
 * @returns `{ok: true}`, or the first reason why not; it never throws on what a stranger sent
 * @throws TypeError when one of `secrets` begins as a public key and is none
 */
export function verify(scheme: SignatureScheme, input: VerifyInput): VerifyResult {
  const { signatures, timestamp: lead } = readSignatures(scheme, input.headers);
  const values = readValues(scheme, input.headers, lead);
  const sendsTimestamp =
    placeholdersOf(scheme.lead).length > 0 || scheme.headers.some(({ from }) => from === 'timestamp');
  const needed = new Set(placeholdersOf(scheme.signed).filter((name) => name !== 'body'));
  if (sendsTimestamp) needed.add('timestamp');
  const missing = [...needed].some((name) => values[name] === undefined);
  if (signatures.length === 0 || missing) return failed('missing_header');

  const text = fillTemplate(scheme.signed, { ...(values as Record<string, string>), body: input.body });
  const matchers = input.secrets.map((secret) => matcherOf(scheme, secret, text));
  const matches = signatures.flatMap((signature) => matchers.map((matcher) => matcher(signature)));
  if (!matches.includes(true)) return failed('wrong_signature');

  const stale = sendsTimestamp
    ? timestampFailure(values['timestamp'] ?? '', input.now, input.toleranceSeconds ?? TOLERANCE_SECONDS)
    : null;
  return stale ? failed(stale) : { ok: true };
}
