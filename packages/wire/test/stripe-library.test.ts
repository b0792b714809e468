import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Stripe } from 'stripe';
import { buildEnvelope } from '../src/build-envelope.ts';
import { stripe } from '../src/profiles/stripe.ts';
import { sign } from '../src/sign.ts';
import { verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';
import { anyObjectText, anyOwnSecret, anySecret } from './arbitraries.ts';

// Stripe's own library, as a receiver and as a sender.
const { webhooks } = new Stripe('sk_test_no_request_is_made');
const anyStripeSecret = fc.oneof(anySecret, anyOwnSecret).filter((secret) => secret.trim() !== '');
/** The library reads the real clock. */
const nowSeconds = () => Math.floor(Date.now() / 1_000);
const attempt = (dataText: string, secret: string, nextSecret?: string) =>
  anAttempt({
    body: buildEnvelope(stripe, anEvent({ dataText })),
    timestamp: nowSeconds(),
    secret,
    nextSecret,
  });
const headerOf = (input: ReturnType<typeof attempt>) => sign(stripe.signature, input)['Stripe-Signature'] ?? '';

describe("Stripe's library", () => {
  test('accepts what we sign, and reads an event with our data as its object', () => {
    fc.assert(
      fc.property(anyObjectText, anyStripeSecret, (dataText, secret) => {
        const input = attempt(dataText, secret);
        const event = webhooks.constructEvent(input.body, headerOf(input), secret);
        expect(event).toMatchObject({
          id: input.eventId,
          object: 'event',
          type: 'domain.added',
          created: 1_795_256_430,
        });
        expect(event.data.object).toEqual(JSON.parse(dataText));
      }),
    );
  });

  test('accepts both secrets while we rotate', () => {
    fc.assert(
      fc.property(anyObjectText, anyStripeSecret, anyStripeSecret, (dataText, secret, nextSecret) => {
        const input = attempt(dataText, secret, nextSecret);
        for (const each of [secret, nextSecret]) {
          expect(() => webhooks.constructEvent(input.body, headerOf(input), each)).not.toThrow();
        }
      }),
    );
  });

  test('refuses another secret, another body, and what is older than its tolerance', () => {
    fc.assert(
      fc.property(anyObjectText, anyStripeSecret, anyStripeSecret, (dataText, secret, other) => {
        fc.pre(secret !== other);
        const input = attempt(dataText, secret);
        const refused = 'No signatures found matching the expected signature';
        expect(() => webhooks.constructEvent(input.body, headerOf(input), other)).toThrow(refused);
        expect(() => webhooks.constructEvent(`${input.body} `, headerOf(input), secret)).toThrow(refused);
        const old = headerOf({ ...input, timestamp: nowSeconds() - 400 });
        expect(() => webhooks.constructEvent(input.body, old, secret)).toThrow('Timestamp outside the tolerance zone');
      }),
    );
  });

  test('signs what we accept', () => {
    fc.assert(
      fc.property(anyObjectText, anyStripeSecret, (payload, secret) => {
        const header = webhooks.generateTestHeaderString({ payload, secret });
        const given = { headers: { 'stripe-signature': header }, body: payload, secrets: [secret], now: nowSeconds() };
        expect(verify(stripe.signature, given)).toEqual({ ok: true });
      }),
    );
  });
});
