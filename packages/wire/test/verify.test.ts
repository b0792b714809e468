import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Profile } from '../src/profile.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { profiles } from '../src/profiles.ts';
import { sign } from '../src/sign.ts';
import { TOLERANCE_SECONDS, type VerifyInput, verify } from '../src/verify.ts';
import { anyBody, anySecret, anyTimestamp } from './arbitraries.ts';

const NOW = 1_795_000_000;
const SECRET = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0';
const OTHER = 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=';
const BODY = '{"type":"domain.added","data":{"n":1.10}}';

const signed = (
  profile: Profile,
  over: { secret?: string; nextSecret?: string; timestamp?: number; body?: string } = {},
) =>
  sign(profile.signature, {
    body: BODY,
    timestamp: NOW,
    eventId: 'evt_01',
    deliveryId: 'dlv_01',
    secret: SECRET,
    ...over,
  });
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

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Profile $name', ({ profile }) => {
  const { signature } = profile;

  test('what sign made is accepted, for any body, secret and time', () => {
    fc.assert(
      fc.property(anyBody, anySecret, anyTimestamp, (body, secret, timestamp) => {
        const headers = sign(signature, { body, timestamp, eventId: 'evt_01', deliveryId: 'dlv_01', secret });
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

  test('a changed timestamp or id header is not accepted, though it be within the tolerance', () => {
    const names = [signature.timestampHeader, signature.idHeader?.name].filter((name) => typeof name === 'string');
    expect(names).not.toHaveLength(0);
    for (const name of names) {
      const headers = signed(profile);
      const other = name === signature.timestampHeader ? String(NOW + 1) : `${headers[name]}x`;
      expect(check(profile, { headers: { ...headers, [name]: other } })).toEqual(failed('wrong_signature'));
    }
  });

  test('a changed, cut or padded signature is not accepted', () => {
    const name = signature.signatureHeader;
    const value = signed(profile)[name] ?? '';
    fc.assert(
      fc.property(fc.nat(value.length - 1), (at) => {
        for (const other of [changed(value, at), value.slice(0, at), value.slice(at + 1)]) {
          fc.pre(other !== value);
          expect(check(profile, { headers: { ...signed(profile), [name]: other } }).ok).toBe(false);
        }
      }),
    );
    expect(check(profile, { headers: { ...signed(profile), [name]: '' } })).toEqual(failed('wrong_signature'));
  });

  test('the timestamp may be off by the tolerance, either way, and by no second more', () => {
    const at = (now: number, toleranceSeconds?: number) =>
      check(profile, toleranceSeconds === undefined ? { now } : { now, toleranceSeconds });
    expect(TOLERANCE_SECONDS).toBe(300);
    for (const off of [-300, -1, 0, 1, 300]) expect(at(NOW + off)).toEqual(ok);
    for (const off of [-301, 301, 86_400]) expect(at(NOW + off)).toEqual(failed('stale_timestamp'));
    expect(at(NOW + 10, 9)).toEqual(failed('stale_timestamp'));
    expect(at(NOW + 10, 10)).toEqual(ok);
    expect(at(NOW, 0)).toEqual(ok);
  });

  test('header names may come in any case, and values as lists of one', () => {
    const headers = Object.entries(signed(profile));
    const variants = [
      headers.map(([name, value]) => [name.toLowerCase(), value]),
      headers.map(([name, value]) => [name.toUpperCase(), value]),
      headers.map(([name, value]) => [name, [value]]),
    ];
    for (const variant of variants) expect(check(profile, { headers: Object.fromEntries(variant) })).toEqual(ok);
  });

  test('each missing header is told apart from a wrong one', () => {
    for (const name of Object.keys(signed(profile))) {
      expect(check(profile, { headers: { ...signed(profile), [name]: undefined } })).toEqual(failed('missing_header'));
    }
    expect(check(profile, { headers: {} })).toEqual(failed('missing_header'));
  });

  test('during a rotation, receivers with the old secret, the new one, and both accept', () => {
    const headers = signed(profile, { secret: OTHER, nextSecret: SECRET });
    for (const secrets of [[SECRET], [OTHER], [OTHER, SECRET], [SECRET, OTHER]]) {
      expect(check(profile, { headers, secrets })).toEqual(ok);
    }
    expect(check(profile, { headers, secrets: ['whsec_dGhpcmQtdGhpcmQtdGhpcmQtdGhpcmQ='] })).toEqual(
      failed('wrong_signature'),
    );
    expect(check(profile, { headers, secrets: [] })).toEqual(failed('wrong_signature'));
  });

  test('it never throws, whatever a stranger sends', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined));
    const names = [signature.signatureHeader, signature.timestampHeader ?? 'x', signature.idHeader?.name ?? 'y'];
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
    fc.assert(
      fc.property(headers, fc.string({ unit: 'binary' }), fc.integer(), (given, body, now) => {
        expect(verify(signature, { headers: given, body, secrets: [SECRET], now }).ok).toBe(false);
      }),
    );
  });
});

describe('What a signature proves is checked first', () => {
  test('a stale delivery with a wrong signature reads wrong_signature: staleness is only said to the sender', () => {
    expect(check(connectDomain, { now: NOW + 9_999, secrets: [OTHER] })).toEqual(failed('wrong_signature'));
  });

  test.each(['', ' 1795000000', '1795000000.0', '1e9', '-1795000000', '0x6AFF', '1795000000000000'])(
    'a signed timestamp that is no number of seconds (%j) is malformed',
    (text) => {
      const { signature } = connectDomain;
      const headers = sign(signature, { body: BODY, timestamp: NOW, eventId: 'e', deliveryId: 'd', secret: SECRET });
      const forged = sign(
        { ...signature, signed: ['body'] },
        {
          body: `${text}.${BODY}`,
          timestamp: NOW,
          eventId: 'e',
          deliveryId: 'd',
          secret: SECRET,
        },
      );
      const odd = { ...headers, 'X-CD-Timestamp': text, 'X-CD-Signature': forged['X-CD-Signature'] };
      expect(check(connectDomain, { headers: odd })).toEqual(failed('malformed_timestamp'));
    },
  );
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
