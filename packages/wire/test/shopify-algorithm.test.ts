import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildEnvelope } from '../src/build-envelope.ts';
import { shopify } from '../src/profiles/shopify.ts';
import { sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';
import { anyObjectText, anyOwnSecret } from './arbitraries.ts';

const [USUAL, NEXT] = ['X-Shopify-Hmac-Sha256', 'X-Shopify-Hmac-Sha256-Next'];

/** As Shopify's documentation says ("Verify webhook deliveries"): both sides are compared as the bytes of the digest. */
function isFromShopify(rawBody: Buffer, hmacHeader: string | undefined, clientSecret: string): boolean {
  const calculated = createHmac('sha256', clientSecret).update(rawBody).digest();
  const received = Buffer.from(hmacHeader ?? '', 'base64');
  return calculated.length === received.length && timingSafeEqual(calculated, received);
}

const bodyOf = (dataText: string) => buildEnvelope(shopify, anEvent({ dataText }));
const headersOf = (body: string, secret: string, nextSecret?: string) =>
  sign(shopify.signature, anAttempt({ body, secret, nextSecret }));

describe("Shopify's documented algorithm", () => {
  test('accepts what we sign, and refuses another secret and another body', () => {
    fc.assert(
      fc.property(anyObjectText, anyOwnSecret, anyOwnSecret, (dataText, secret, other) => {
        fc.pre(secret !== other);
        const body = bodyOf(dataText);
        const header = headersOf(body, secret)[USUAL];
        expect(isFromShopify(Buffer.from(body), header, secret)).toBe(true);
        expect(isFromShopify(Buffer.from(body), header, other)).toBe(false);
        expect(isFromShopify(Buffer.from(`${body} `), header, secret)).toBe(false);
      }),
    );
  });

  test('while we rotate, accepts the usual header with the old secret and -Next with the new one, not crosswise', () => {
    fc.assert(
      fc.property(anyObjectText, anyOwnSecret, anyOwnSecret, (dataText, secret, nextSecret) => {
        fc.pre(secret !== nextSecret);
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret, nextSecret);
        const accepts = (key: string, name: string) => isFromShopify(Buffer.from(body), headers[name], key);
        expect([accepts(secret, USUAL), accepts(nextSecret, NEXT)]).toEqual([true, true]);
        expect([accepts(secret, NEXT), accepts(nextSecret, USUAL)]).toEqual([false, false]);
      }),
    );
  });
});
