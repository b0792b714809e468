import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from './profile.ts';
import { nextSignatureHeader, signatureOf, signedText } from './sign.ts';
import { signingKey } from './signing-key.ts';

/** Seed 003: reject deliveries whose timestamp is outside a window of about five minutes. */
export const TOLERANCE_SECONDS = 300;

/** Header names in any case, as node:http, Express or a plain object hold them. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a receiver hands in. */
export interface VerifyInput {
  readonly headers: ReceivedHeaders;
  /** The raw body, before any JSON parser touched it. */
  readonly body: string;
  /** Every secret that may be live: one, or two during a rotation. */
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

function header(headers: ReceivedHeaders, name: string): string | undefined {
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

/** Every signature that the request carries: the usual header (a list where the scheme has lists) and `-Next`. */
function receivedSignatures(scheme: SignatureScheme, headers: ReceivedHeaders): string[] {
  const usual = header(headers, scheme.signatureHeader);
  const next = header(headers, nextSignatureHeader(scheme));
  const found = [usual, next].filter((value) => value !== undefined);
  return scheme.rotation === 'list' ? found.flatMap((value) => value.split(' ')) : found;
}

/**
 * Decides whether a request is an authentic, fresh delivery of this scheme.
 *
 * @returns `{ok: true}`, or the first reason why not; it never throws on what a stranger sent
 */
export function verify(scheme: SignatureScheme, input: VerifyInput): VerifyResult {
  const signatures = receivedSignatures(scheme, input.headers);
  const timestamp = scheme.timestampHeader ? header(input.headers, scheme.timestampHeader) : '';
  const id = scheme.idHeader ? header(input.headers, scheme.idHeader.name) : '';
  if (signatures.length === 0 || timestamp === undefined || id === undefined) return failed('missing_header');

  const text = signedText(scheme, id, timestamp, input.body);
  const expected = input.secrets.map((secret) => signatureOf(scheme, signingKey(scheme.secretFormat, secret), text));
  const matches = signatures.flatMap((signature) => expected.map((candidate) => sameText(signature, candidate)));
  if (!matches.includes(true)) return failed('wrong_signature');

  const stale = scheme.timestampHeader
    ? timestampFailure(timestamp, input.now, input.toleranceSeconds ?? TOLERANCE_SECONDS)
    : null;
  return stale ? failed(stale) : { ok: true };
}
