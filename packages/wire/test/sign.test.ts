import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Profile } from '../src/profile.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { stripe } from '../src/profiles/stripe.ts';
import { profiles } from '../src/profiles.ts';
import { maskSignatures, sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';
import { anyBody, anyOwnSecret, anySecret, anyTimestamp } from './arbitraries.ts';
import { type ReceiverByHand, receiversByHand } from './receivers-by-hand.ts';

const refusesAll: ReceiverByHand = () => false;
const cases: { name: string; profile: Profile; receiver: ReceiverByHand }[] = profiles.map((profile) => ({
  name: profile.name,
  profile,
  receiver: receiversByHand[profile.name] ?? refusesAll,
}));

test('Every built-in profile has a receiver written by hand', () => {
  expect(Object.keys(receiversByHand)).toEqual(profiles.map(({ name }) => name));
});

describe.each(cases)('Profile $name', ({ profile, receiver }) => {
  const { signature } = profile;
  const anySecretOfIt = signature.secretFormat === 'whsec' ? anySecret : fc.oneof(anySecret, anyOwnSecret);

  test('a receiver written by hand accepts every signature, and none over another body', () => {
    fc.assert(
      fc.property(anyBody, anySecretOfIt, anyTimestamp, (body, secret, timestamp) => {
        const headers = sign(signature, anAttempt({ body, secret, timestamp }));
        expect(receiver(headers, body, secret)).toBe(true);
        expect(receiver(headers, `${body} `, secret)).toBe(false);
      }),
    );
  });

  test('during a rotation, receivers with the old secret accept as ever; those with the new one find it, too', () => {
    fc.assert(
      fc.property(anyBody, anySecretOfIt, anySecretOfIt, (body, secret, nextSecret) => {
        const headers = sign(signature, anAttempt({ body, secret, nextSecret }));
        const next = headers[`${signature.header}-Next`];
        expect(receiver(headers, body, secret)).toBe(true);
        expect(
          receiver(next === undefined ? headers : { ...headers, [signature.header]: next }, body, nextSecret),
        ).toBe(true);
      }),
    );
  });

  test('the same input gives the same headers; a later attempt another signature only where the time is signed', () => {
    const first = sign(signature, anAttempt());
    expect(sign(signature, anAttempt())).toEqual(first);
    const later = sign(signature, anAttempt({ timestamp: 1_795_000_001 }));
    const timeless = ['cmr', 'cdhosting', 'tenant-quickstart', 'github', 'shopify'].includes(profile.name);
    expect(later[signature.header] === first[signature.header]).toBe(timeless);
  });

  test('no header holds the secret', () => {
    fc.assert(
      fc.property(anySecretOfIt, anySecretOfIt, (secret, nextSecret) => {
        const values = Object.values(sign(signature, anAttempt({ secret, nextSecret }))).join('\n');
        expect(values).not.toContain(secret);
        expect(values).not.toContain(nextSecret);
      }),
    );
  });

  test('every header is a legal HTTP field: a token, and visible characters', () => {
    for (const [name, value] of Object.entries(sign(signature, anAttempt({ nextSecret: 'another-secret-text' })))) {
      expect(name).toMatch(/^[A-Za-z0-9-]+$/);
      expect(value).toMatch(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
    }
  });

  test('masked for people, a signature header shows its format and its time, and nothing of a signature', () => {
    const headers = sign(signature, anAttempt({ nextSecret: 'another-secret-text' }));
    for (const name of [signature.header, `${signature.header}-Next`].filter((each) => each in headers)) {
      const masked = maskSignatures(signature, headers[name] ?? '');
      expect(masked).toMatch(/^(t=1795000000,)?([a-z0-9]+[=,])?\*\*\*([ ,]v1[=,]\*\*\*)?$/);
    }
  });
});

describe('While a secret is being rotated', () => {
  const [secret, nextSecret] = ['the-old-secret-of-it', 'the-new-secret-of-it'];
  const old = anAttempt({ secret });
  const fresh = anAttempt({ secret: nextSecret });
  const both = anAttempt({ secret, nextSecret });

  test.each(cases.filter(({ profile }) => profile.signature.rotation === 'next-header'))(
    '$name keeps its header on the old secret and adds -Next with the new one',
    ({ profile: { signature } }) => {
      expect(sign(signature, both)).toEqual({
        ...sign(signature, old),
        [`${signature.header}-Next`]: sign(signature, fresh)[signature.header],
      });
    },
  );

  test.each([
    { name: 'standard-webhooks', profile: standardWebhooks, separator: ' ', lead: '' },
    { name: 'stripe', profile: stripe, separator: ',', lead: 't=1795000000,' },
  ])('$name lists both signatures, the old one first, and adds no header', ({ profile, separator, lead }) => {
    const { signature } = profile;
    const [first, second] = [old, fresh].map((each) => sign(signature, each)[signature.header] ?? '');
    expect(sign(signature, both)).toEqual({
      ...sign(signature, old),
      [signature.header]: `${first}${separator}${second?.slice(lead.length)}`,
    });
  });

  test('nobody rotates by accident: without a next secret there is no further header', () => {
    expect(Object.keys(sign(connectDomain.signature, anAttempt())).sort()).toEqual([
      'X-CD-Signature',
      'X-CD-Timestamp',
    ]);
  });
});
