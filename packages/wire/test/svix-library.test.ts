import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'svix';
import { buildEnvelope } from '../src/build-envelope.ts';
import { svix } from '../src/profiles/svix.ts';
import { sign } from '../src/sign.ts';
import { verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';
import { anyObjectText, anySecret } from './arbitraries.ts';

// Svix's own library, as a receiver and as a sender.
const { signature } = svix;
/** The library reads the real clock. */
const nowSeconds = () => Math.floor(Date.now() / 1_000);
const bodyOf = (dataText: string) => buildEnvelope(svix, anEvent({ dataText }));
const headersOf = (body: string, secret: string, nextSecret?: string) =>
  sign(signature, anAttempt({ body, secret, nextSecret, timestamp: nowSeconds() }));

describe("Svix's library", () => {
  test('accepts what we sign, and reads our data as the body', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, (dataText, secret) => {
        const body = bodyOf(dataText);
        expect(new Webhook(secret).verify(body, headersOf(body, secret))).toEqual(JSON.parse(dataText));
      }),
    );
  });

  test('accepts both secrets while we rotate', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, anySecret, (dataText, secret, nextSecret) => {
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret, nextSecret);
        for (const each of [secret, nextSecret]) expect(() => new Webhook(each).verify(body, headers)).not.toThrow();
      }),
    );
  });

  test('refuses another secret, another body, another id and another time', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, anySecret, (dataText, secret, other) => {
        fc.pre(secret !== other);
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret);
        const refused = 'No matching signature found';
        expect(() => new Webhook(other).verify(body, headers)).toThrow(refused);
        expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow(refused);
        expect(() => new Webhook(secret).verify(body, { ...headers, 'svix-id': 'evt_2' })).toThrow(refused);
        const later = String(Number(headers['svix-timestamp']) + 1);
        expect(() => new Webhook(secret).verify(body, { ...headers, 'svix-timestamp': later })).toThrow(refused);
      }),
    );
  });

  test('signs what we accept', () => {
    fc.assert(
      fc.property(anyObjectText, anySecret, (body, secret) => {
        const timestamp = new Date();
        const headers = {
          'svix-id': 'msg_01',
          'svix-timestamp': String(Math.floor(timestamp.getTime() / 1_000)),
          'svix-signature': new Webhook(secret).sign('msg_01', timestamp, body),
        };
        expect(verify(signature, { headers, body, secrets: [secret], now: nowSeconds() })).toEqual({ ok: true });
      }),
    );
  });
});
