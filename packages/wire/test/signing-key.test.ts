import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyPairOf } from '../src/key-pair.ts';
import { algorithmOf, formatSecret, hmacKey, secretProblem } from '../src/signing-key.ts';

const rules = {
  utf8: { secretFormat: 'utf8', keyPair: null },
  whsec: { secretFormat: 'whsec', keyPair: null },
  'whsec or whsk': { secretFormat: 'whsec', keyPair: { algorithm: 'ed25519', format: 'v1a,{signature}' } },
} as const;

describe('A new secret', () => {
  test('is whsec_ and the base64 of its bytes, fits both formats, and decodes to the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (array) => {
        const bytes = Buffer.from(array);
        const secret = formatSecret(bytes);
        expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
        expect(secretProblem(rules.whsec, secret)).toBeNull();
        expect(secretProblem(rules.utf8, secret)).toBeNull();
        expect(hmacKey('whsec', secret)).toEqual(bytes);
        expect(hmacKey('utf8', secret).toString()).toBe(secret);
      }),
    );
  });
});

describe("A customer's own secret", () => {
  const whsec = (bytes: number) => formatSecret(Buffer.alloc(bytes, 7));
  const pair = keyPairOf(Buffer.alloc(32, 7)).privateKey;
  const seed = `whsk_${Buffer.alloc(32, 7).toString('base64')}`;
  const cases: [keyof typeof rules, string, boolean][] = [
    ['utf8', 'x'.repeat(15), false],
    ['utf8', 'x'.repeat(16), true],
    ['utf8', 'x'.repeat(256), true],
    ['utf8', 'x'.repeat(257), false],
    ['utf8', 'pässwörter-mit-ümlaut', true],
    ['whsec', whsec(23), false],
    ['whsec', whsec(24), true],
    ['whsec', whsec(64), true],
    ['whsec', whsec(65), false],
    ['whsec', 'a-text-that-is-no-whsec-secret', false],
    ['whsec', `whsec_${'*'.repeat(40)}`, false],
    ['whsec', whsec(32).replace('whsec_', ''), false],
    ['whsec', 'whsec_', false],
    ['whsec', pair, false],
    ['utf8', pair, true],
    ['whsec or whsk', whsec(32), true],
    ['whsec or whsk', whsec(23), false],
    ['whsec or whsk', pair, true],
    ['whsec or whsk', seed, true],
    ['whsec or whsk', `whsk_${Buffer.alloc(33, 7).toString('base64')}`, false],
    ['whsec or whsk', `whsk_${Buffer.alloc(64, 7).toString('base64')}`, false],
    ['whsec or whsk', seed.replace('=', ''), false],
    ['whsec or whsk', seed.replace('whsk_', 'whpk_'), false],
  ];
  test.each(cases)('%s %j is usable: %j', (format, secret, usable) => {
    expect(secretProblem(rules[format], secret) === null).toBe(usable);
  });
});

test('Under a scheme that knows key pairs the prefix tells which of the two signs; elsewhere it is text as any other', () => {
  const { privateKey } = keyPairOf(Buffer.alloc(32, 7));
  expect(algorithmOf(rules['whsec or whsk'], privateKey)).toBe('ed25519');
  expect(algorithmOf(rules['whsec or whsk'], formatSecret(Buffer.alloc(32)))).toBe('hmac-sha256');
  expect(algorithmOf(rules.utf8, privateKey)).toBe('hmac-sha256');
});
