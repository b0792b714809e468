import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { sign } from '../src/sign.ts';
import { verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anyObjectText, anySecret } from './arbitraries.ts';

// The specification's own library, as a receiver and as a sender.
const { signature } = standardWebhooks;
/** The library reads the real clock. */
const nowSeconds = () => Math.floor(Date.now() / 1_000);
const input = (body: string, secret: string) => anAttempt({ body, secret, timestamp: nowSeconds() });

describe('The reference library of Standard Webhooks', () => {
  test('accepts what we sign, and reads the same data', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, (body, secret) => {
        const headers = sign(signature, input(body, secret));
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });

  test('accepts both secrets while we rotate', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, anySecret, (body, secret, nextSecret) => {
        const headers = sign(signature, { ...input(body, secret), nextSecret });
        for (const each of [secret, nextSecret]) expect(() => new Webhook(each).verify(body, headers)).not.toThrow();
      }),
    );
  });

  test('refuses what we sign with another secret', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, anySecret, (body, secret, other) => {
        fc.pre(secret !== other);
        expect(() => new Webhook(other).verify(body, sign(signature, input(body, secret)))).toThrow(
          'No matching signature found',
        );
      }),
    );
  });

  test('signs what we accept', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, (body, secret) => {
        const timestamp = new Date();
        const headers = {
          'webhook-id': 'msg_01',
          'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1_000)),
          'webhook-signature': new Webhook(secret).sign('msg_01', timestamp, body),
        };
        expect(verify(signature, { headers, body, secrets: [secret], now: nowSeconds() })).toEqual({ ok: true });
      }),
    );
  });
});
