import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { stripe } from '../src/profiles/stripe.ts';
import { findProfile, profiles } from '../src/profiles.ts';
import { sign } from '../src/sign.ts';
import { TOLERANCE_SECONDS, type VerifyInput, verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';

const NOW = 1_795_000_000;
const SECRET = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0';
const BODY = '{"n":1.10}';
const ok = { ok: true };
const failed = (reason: string) => ({ ok: false, reason });

const stamped = ['connect-domain', 'cmr', 'standard-webhooks', 'stripe', 'slack', 'svix'];
const timeless = ['cdhosting', 'tenant-quickstart', 'github', 'shopify'];

function check(name: string, over: Partial<VerifyInput>) {
  const scheme = (findProfile(name) ?? connectDomain).signature;
  const headers = sign(scheme, anAttempt({ body: BODY, timestamp: NOW, secret: SECRET }));
  return verify(scheme, { headers, body: BODY, secrets: [SECRET], now: NOW, ...over });
}

test('Each built-in profile sends a time, or is known to send none', () => {
  expect([...stamped, ...timeless].sort()).toEqual(profiles.map(({ name }) => name).sort());
  expect(TOLERANCE_SECONDS).toBe(300);
});

test.each(stamped)('%s: the time may be off by the tolerance, either way, and by no second more', (name) => {
  for (const off of [-300, -1, 0, 1, 300]) expect(check(name, { now: NOW + off })).toEqual(ok);
  for (const off of [-301, 301, 86_400]) expect(check(name, { now: NOW + off })).toEqual(failed('stale_timestamp'));
  expect(check(name, { now: NOW + 10, toleranceSeconds: 9 })).toEqual(failed('stale_timestamp'));
  expect(check(name, { now: NOW + 10, toleranceSeconds: 10 })).toEqual(ok);
  expect(check(name, { now: NOW, toleranceSeconds: 0 })).toEqual(ok);
});

test.each(timeless)('%s sends no time, so that no delivery of it is ever stale', (name) => {
  for (const off of [-86_400, 301, 9_999_999]) expect(check(name, { now: NOW + off })).toEqual(ok);
});

test.each([...stamped, ...timeless])(
  '%s: a wrong signature is said before staleness, which only the sender may learn',
  (name) => {
    expect(check(name, { now: NOW + 9_999, secrets: ['another-secret-of-them'] })).toEqual(failed('wrong_signature'));
  },
);

describe.each(['', ' 1795000000', '1795000000.0', '1e9', '-1795000000', '0x6AFF', '1795000000000000'])(
  'A signed time that is no number of seconds (%j) is malformed',
  (text) => {
    const hex = createHmac('sha256', SECRET).update(`${text}.${BODY}`).digest('hex');

    test('in a header of its own', () => {
      const headers = { 'X-CD-Timestamp': text, 'X-CD-Signature': `sha256=${hex}` };
      expect(check('connect-domain', { headers })).toEqual(failed('malformed_timestamp'));
    });

    test('in the signature header', () => {
      const headers = { 'Stripe-Signature': `t=${text},v1=${hex}` };
      expect(check('stripe', { headers })).toEqual(failed('malformed_timestamp'));
    });
  },
);

test('A signature header without the time that belongs in it lacks something, whatever else it holds', () => {
  const [, signature] = (sign(stripe.signature, anAttempt())['Stripe-Signature'] ?? '').split(',');
  for (const value of [`${signature}`, `T=1795000000,${signature}`, `${signature},t=1795000000`, ',']) {
    expect(check('stripe', { headers: { 'Stripe-Signature': value } })).toEqual(failed('missing_header'));
  }
});
