import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Profile } from '../src/profile.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { profiles } from '../src/profiles.ts';
import { type SignInput, sign } from '../src/sign.ts';
import { anyBody, anySecret, anyTimestamp } from './arbitraries.ts';

type Headers = Record<string, string>;

// What a receiver writes who has read the documentation and nothing of this package.
const connectDomainReceiver = (headers: Headers, body: string, secret: string): boolean => {
  const hex = createHmac('sha256', secret).update(`${headers['X-CD-Timestamp']}.${body}`).digest('hex');
  return headers['X-CD-Signature'] === `sha256=${hex}`;
};
const standardWebhooksReceiver = (headers: Headers, body: string, secret: string): boolean => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = createHmac('sha256', key).update(text, 'utf8').digest('base64');
  return (headers['webhook-signature'] ?? '').split(' ').some((each) => each === `v1,${wanted}`);
};
const receivers: [Profile, (headers: Headers, body: string, secret: string) => boolean][] = [
  [connectDomain, connectDomainReceiver],
  [standardWebhooks, standardWebhooksReceiver],
];

const input = (over: Partial<SignInput> = {}): SignInput => ({
  body: '{"type":"domain.added","jobId":null,"data":{},"sent_at":"2026-11-21T10:00:00.000Z"}',
  timestamp: 1_795_000_000,
  eventId: 'evt_01',
  deliveryId: 'dlv_01',
  secret: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0',
  ...over,
});

test('Every built-in profile has a receiver written by hand in this test', () => {
  expect(receivers.map(([profile]) => profile)).toEqual(profiles);
});

describe.each(receivers.map(([profile, receiver]) => ({ name: profile.name, profile, receiver })))(
  'Profile $name',
  ({ profile, receiver }) => {
    test('a receiver written by hand accepts every signature', () => {
      fc.assert(
        fc.property(anyBody, anySecret, anyTimestamp, (body, secret, timestamp) => {
          expect(receiver(sign(profile.signature, input({ body, secret, timestamp })), body, secret)).toBe(true);
        }),
      );
    });

    test('the same input gives the same headers, another timestamp another signature', () => {
      const first = sign(profile.signature, input());
      expect(sign(profile.signature, input())).toEqual(first);
      const later = sign(profile.signature, input({ timestamp: 1_795_000_001 }));
      expect(later[profile.signature.signatureHeader]).not.toBe(first[profile.signature.signatureHeader]);
    });

    test('no header holds the secret', () => {
      fc.assert(
        fc.property(anySecret, anySecret, (secret, nextSecret) => {
          const values = Object.values(sign(profile.signature, input({ secret, nextSecret }))).join('\n');
          expect(values).not.toContain(secret);
          expect(values).not.toContain(nextSecret);
        }),
      );
    });

    test('every header is a legal HTTP field: a token, and visible characters', () => {
      for (const [name, value] of Object.entries(
        sign(profile.signature, input({ nextSecret: 'another-secret-text' })),
      )) {
        expect(name).toMatch(/^[A-Za-z0-9-]+$/);
        expect(value).toMatch(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
      }
    });
  },
);

describe('Fixed texts, so that a change of the format cannot pass unseen', () => {
  test('connect-domain', () => {
    const headers = sign(connectDomain.signature, input({ body: '{"a":1}', secret: 'a-secret-of-the-customer' }));
    expect(headers).toEqual({
      'X-CD-Timestamp': '1795000000',
      'X-CD-Signature': `sha256=${createHmac('sha256', 'a-secret-of-the-customer').update('1795000000.{"a":1}').digest('hex')}`,
    });
  });

  test("standard-webhooks, with the specification's own example", () => {
    const headers = sign(standardWebhooks.signature, {
      body: '{"test": 2432232314}',
      timestamp: 1_614_265_330,
      eventId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      deliveryId: 'dlv_01',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('While a secret is being rotated', () => {
  const [secret, nextSecret] = ['the-old-secret-of-it', 'the-new-secret-of-it'];

  test('a profile with one signature keeps its header on the old secret and adds -Next with the new one', () => {
    const headers = sign(connectDomain.signature, input({ secret, nextSecret }));
    const next = sign(connectDomain.signature, input({ secret: nextSecret }));
    expect(headers).toEqual({
      ...sign(connectDomain.signature, input({ secret })),
      'X-CD-Signature-Next': next['X-CD-Signature'],
    });
  });

  test('standard-webhooks lists both signatures, the old one first', () => {
    const headers = sign(standardWebhooks.signature, input({ secret, nextSecret }));
    const [old, fresh] = [secret, nextSecret].map((each) => sign(standardWebhooks.signature, input({ secret: each })));
    expect(headers).toEqual({
      ...old,
      'webhook-signature': `${old?.['webhook-signature']} ${fresh?.['webhook-signature']}`,
    });
  });

  test.each(receivers.map(([profile, receiver]) => ({ name: profile.name, profile, receiver })))(
    '$name: a receiver that has not switched yet still accepts',
    ({ profile, receiver }) => {
      expect(receiver(sign(profile.signature, input({ secret, nextSecret })), input().body, secret)).toBe(true);
    },
  );
});
