import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Profile } from '../src/profile.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { profiles } from '../src/profiles.ts';
import { type SignInput, sign } from '../src/sign.ts';
import { type VerifyInput, verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anyBody, anySecret, anyTimestamp } from './arbitraries.ts';

const NOW = 1_795_000_000;
const SECRET = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0';
const OTHER = 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=';
const BODY = '{"type":"domain.added","data":{"n":1.10}}';

/**
 * Which headers a receiver needs beside the signature: `proven` ones are part of what is signed, `needed` ones are only
 * looked at. All others are for the receiver's convenience.
 */
const beside: Record<string, { proven: string[]; needed: string[] }> = {
  'connect-domain': { proven: ['X-CD-Timestamp'], needed: [] },
  cmr: { proven: [], needed: ['cmr-x-timestamp'] },
  cdhosting: { proven: [], needed: [] },
  'tenant-quickstart': { proven: [], needed: [] },
  'standard-webhooks': { proven: ['webhook-id', 'webhook-timestamp'], needed: [] },
  stripe: { proven: [], needed: [] },
  github: { proven: [], needed: [] },
  shopify: { proven: [], needed: [] },
  slack: { proven: ['X-Slack-Request-Timestamp'], needed: [] },
  svix: { proven: ['svix-id', 'svix-timestamp'], needed: [] },
};

const signed = (profile: Profile, over: Partial<SignInput> = {}) =>
  sign(profile.signature, anAttempt({ body: BODY, ...over }));
const check = (profile: Profile, over: Partial<VerifyInput> = {}) =>
  verify(profile.signature, { headers: signed(profile), body: BODY, secrets: [SECRET], now: NOW, ...over });

const ok = { ok: true };
const failed = (reason: string) => ({ ok: false, reason });

/** The text with one bit of one UTF-16 unit turned over, in a way that changes its UTF-8. */
const changed = (text: string, at: number): string => {
  const index = at % text.length;
  const unit = text.charCodeAt(index) === 0x41 ? 0x42 : 0x41;
  return text.slice(0, index) + String.fromCharCode(unit) + text.slice(index + 1);
};

test('Every built-in profile has written down what it needs', () => {
  expect(Object.keys(beside)).toEqual(profiles.map(({ name }) => name));
});

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Profile $name', ({ name, profile }) => {
  const { signature } = profile;
  const { proven, needed } = beside[name] ?? { proven: [], needed: [] };

  test('what sign made is accepted, for any body, secret and time', () => {
    fc.assert(
      fc.property(anyBody, anySecret, anyTimestamp, (body, secret, timestamp) => {
        const headers = sign(signature, anAttempt({ body, timestamp, secret }));
        expect(verify(signature, { headers, body, secrets: [secret], now: timestamp })).toEqual(ok);
      }),
    );
  });

  test('a body with one character changed, added or removed is not', () => {
    fc.assert(
      fc.property(anyBody, fc.nat(), (body, at) => {
        const headers = signed(profile, { body });
        const others = [`${body} `, ` ${body}`, ...(body ? [changed(body, at), body.slice(0, -1)] : [])];
        for (const other of others) {
          expect(check(profile, { headers, body: other })).toEqual(failed('wrong_signature'));
        }
      }),
    );
  });

  test('another secret is not accepted', () => {
    fc.assert(
      fc.property(anySecret, anySecret, (secret, other) => {
        fc.pre(secret !== other);
        expect(check(profile, { headers: signed(profile, { secret }), secrets: [other] })).toEqual(
          failed('wrong_signature'),
        );
      }),
    );
  });

  test('a changed header is a wrong signature where it is signed, and none where it only stands beside', () => {
    for (const header of Object.keys(signed(profile)).filter((each) => each !== signature.header)) {
      const headers = signed(profile);
      const other = /timestamp/i.test(header) ? String(NOW + 1) : `${headers[header]}x`;
      const wanted = proven.includes(header) ? failed('wrong_signature') : ok;
      expect([header, check(profile, { headers: { ...headers, [header]: other } })]).toEqual([header, wanted]);
    }
  });

  test('a changed, cut or padded signature is not accepted', () => {
    const value = signed(profile)[signature.header] ?? '';
    const withValue = (other: string) => check(profile, { headers: { ...signed(profile), [signature.header]: other } });
    fc.assert(
      fc.property(fc.nat(value.length - 1), (at) => {
        for (const other of [changed(value, at), value.slice(0, at), value.slice(at + 1)]) {
          expect(withValue(other).ok).toBe(false);
        }
      }),
    );
    for (const other of [`${value}A`, `A${value}`, ` ${value.trim()}=`]) expect(withValue(other).ok).toBe(false);
    // An empty text has no time in it, where the time belongs there.
    expect(withValue('')).toEqual(failed(name === 'stripe' ? 'missing_header' : 'wrong_signature'));
  });

  test('header names may come in any case, and values as lists of one', () => {
    const headers = Object.entries(signed(profile));
    const variants = [
      headers.map(([key, value]) => [key.toLowerCase(), value]),
      headers.map(([key, value]) => [key.toUpperCase(), value]),
      headers.map(([key, value]) => [key, [value]]),
    ];
    for (const variant of variants) expect(check(profile, { headers: Object.fromEntries(variant) })).toEqual(ok);
  });

  test('each missing header that is needed is told apart from a wrong one; the others may be missing', () => {
    for (const header of Object.keys(signed(profile))) {
      const wanted = [signature.header, ...proven, ...needed].includes(header) ? failed('missing_header') : ok;
      const headers = { ...signed(profile), [header]: undefined };
      expect([header, check(profile, { headers })]).toEqual([header, wanted]);
    }
    expect(check(profile, { headers: {} })).toEqual(failed('missing_header'));
  });

  test('during a rotation, receivers with the old secret, the new one, and both accept', () => {
    const headers = signed(profile, { secret: OTHER, nextSecret: SECRET });
    for (const secrets of [[SECRET], [OTHER], [OTHER, SECRET], [SECRET, OTHER]]) {
      expect(check(profile, { headers, secrets })).toEqual(ok);
    }
    const third = ['whsec_dGhpcmQtdGhpcmQtdGhpcmQtdGhpcmQ='];
    expect(check(profile, { headers, secrets: third })).toEqual(failed('wrong_signature'));
    expect(check(profile, { headers, secrets: [] })).toEqual(failed('wrong_signature'));
  });

  test('it never throws, whatever a stranger sends', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined));
    const names = [signature.header, `${signature.header}-Next`, ...signature.headers.map((each) => each.name)];
    const headers = fc.record(Object.fromEntries(names.map((each) => [each, value])), { requiredKeys: [] });
    fc.assert(
      fc.property(headers, fc.string({ unit: 'binary' }), fc.integer(), (given, body, now) => {
        expect(verify(signature, { headers: given, body, secrets: [SECRET], now }).ok).toBe(false);
      }),
    );
  });
});

describe('Standard Webhooks', () => {
  test('signatures of versions that it does not know are passed over', () => {
    const headers = signed(standardWebhooks);
    const value = `v1a,AAAA v2,${'A'.repeat(44)} ${headers['webhook-signature']}`;
    expect(check(standardWebhooks, { headers: { ...headers, 'webhook-signature': value } })).toEqual(ok);
  });

  test('a secret may be given without its prefix', () => {
    expect(check(standardWebhooks, { secrets: [SECRET.replace('whsec_', '')] })).toEqual(ok);
  });
});
