import { createPublicKey, verify as verifyBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyPairOf, openPublicKey, readKeyPair } from '../src/key-pair.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { maskSignatures, sign } from '../src/sign.ts';
import { type VerifyInput, verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anyBody, anySecret, anyTimestamp } from './arbitraries.ts';

const scheme = standardWebhooks.signature;
const anySeed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const anyPair = anySeed.map(keyPairOf);
const NOW = 1_795_000_000;
const bytesOf = (text: string) => Buffer.from(text.slice('whsk_'.length), 'base64');

/** A receiver who has read the specification and nothing of this package: node:crypto, with the key as SPKI (RFC 8410). */
function acceptedByHand(headers: Record<string, string>, body: string, publicKey: string): boolean {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytesOf(publicKey)]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((each) => each.startsWith('v1a,'))
    .some((each) => verifyBytes(null, Buffer.from(text), key, Buffer.from(each.slice('v1a,'.length), 'base64')));
}

describe('A key pair', () => {
  test('has the public key that RFC 8032, 7.1, test 1 gives for its seed', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const { privateKey, publicKey } = keyPairOf(seed);
    const x = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect(bytesOf(publicKey).toString('hex')).toBe(x);
    expect(bytesOf(privateKey).toString('hex')).toBe(seed.toString('hex') + x);
  });

  test('is read from its seed, or from the seed with its own public key, and from nothing else', () => {
    fc.assert(
      fc.property(anySeed, anySeed, (seed, other) => {
        const pair = keyPairOf(seed);
        expect(readKeyPair(pair.privateKey)).toEqual(pair);
        expect(readKeyPair(`whsk_${seed.toString('base64')}`)).toEqual(pair);
        if (seed.equals(other)) return;
        const foreign = Buffer.concat([seed, bytesOf(keyPairOf(other).publicKey)]);
        expect(readKeyPair(`whsk_${foreign.toString('base64')}`)).toBeNull();
        expect(readKeyPair(pair.publicKey)).toBeNull();
      }),
    );
  });

  test('a public key that is none is refused with what it must be', () => {
    for (const text of ['whpk_', 'whpk_AAAA', `whpk_${'A'.repeat(43)}`, keyPairOf(Buffer.alloc(32)).privateKey]) {
      expect(() => openPublicKey(text)).toThrow('whpk_ and the base64 of 32 bytes');
    }
  });
});

describe('Standard Webhooks with a key pair', () => {
  const signed = (over: Partial<Parameters<typeof sign>[1]>) => sign(scheme, anAttempt(over));

  test('one v1a signature, which a receiver by hand and verify accept, over this body, id and time alone', () => {
    fc.assert(
      fc.property(anyPair, anyBody, anyTimestamp, (pair, body, timestamp) => {
        const headers = signed({ secret: pair.privateKey, body, timestamp });
        expect(headers['webhook-signature']).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
        const accepted = (more: Partial<VerifyInput> = {}) =>
          verify(scheme, { headers, body, secrets: [pair.publicKey], now: timestamp, ...more });
        expect(acceptedByHand(headers, body, pair.publicKey)).toBe(true);
        expect(accepted()).toEqual({ ok: true });
        expect(acceptedByHand(headers, `${body} `, pair.publicKey)).toBe(false);
        expect(accepted({ body: `${body} ` }).ok).toBe(false);
        expect(accepted({ headers: { ...headers, 'webhook-id': 'evt_2' } }).ok).toBe(false);
        expect(accepted({ now: timestamp + 301 })).toEqual({ ok: false, reason: 'stale_timestamp' });
      }),
    );
  });

  test('another key pair, or a shared secret, does not accept it', () => {
    fc.assert(
      fc.property(anyPair, anyPair, anySecret, (pair, other, secret) => {
        fc.pre(pair.publicKey !== other.publicKey);
        const headers = signed({ secret: pair.privateKey, timestamp: NOW });
        for (const wrong of [other.publicKey, secret]) {
          const result = verify(scheme, { headers, body: '{"a":1}', secrets: [wrong], now: NOW });
          expect(result).toEqual({ ok: false, reason: 'wrong_signature' });
        }
      }),
    );
  });

  test('a rotation may go from a secret to a key pair, and back: either receiver accepts meanwhile', () => {
    fc.assert(
      fc.property(anyPair, anySecret, fc.boolean(), (pair, shared, back) => {
        const both = back
          ? { secret: pair.privateKey, nextSecret: shared }
          : { secret: shared, nextSecret: pair.privateKey };
        const headers = signed({ ...both, timestamp: NOW });
        for (const known of [shared, pair.publicKey]) {
          expect(verify(scheme, { headers, body: '{"a":1}', secrets: [known], now: NOW })).toEqual({ ok: true });
        }
        const masked = maskSignatures(scheme, headers['webhook-signature'] ?? '');
        expect(masked).toBe(back ? 'v1a,*** v1,***' : 'v1,*** v1a,***');
      }),
    );
  });

  test('no header holds any of the private key', () => {
    fc.assert(
      fc.property(anyPair, (pair) => {
        const values = Object.values(signed({ secret: pair.privateKey })).join('\n');
        expect(values).not.toContain(pair.privateKey.slice('whsk_'.length, 'whsk_'.length + 40));
      }),
    );
  });

  test('verify never throws on what a stranger sends, whatever it calls a signature', () => {
    const { publicKey } = keyPairOf(Buffer.alloc(32, 7));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(NOW), 'webhook-signature': `v1a,${text}` };
        expect(verify(scheme, { headers, body: '{}', secrets: [publicKey], now: NOW }).ok).toBe(false);
      }),
    );
  });
});
