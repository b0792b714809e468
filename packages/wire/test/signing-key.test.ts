import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatSecret, secretProblem, signingKey } from '../src/signing-key.ts';

describe('A new secret', () => {
  test('is whsec_ and the base64 of its bytes, fits both formats, and decodes to the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (array) => {
        const bytes = Buffer.from(array);
        const secret = formatSecret(bytes);
        expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
        expect(secretProblem('whsec', secret)).toBeNull();
        expect(secretProblem('utf8', secret)).toBeNull();
        expect(signingKey('whsec', secret)).toEqual(bytes);
        expect(signingKey('utf8', secret).toString()).toBe(secret);
      }),
    );
  });
});

describe("A customer's own secret", () => {
  const whsec = (bytes: number) => formatSecret(Buffer.alloc(bytes, 7));
  const cases: ['utf8' | 'whsec', string, boolean][] = [
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
  ];
  test.each(cases)('%s %j is usable: %j', (format, secret, usable) => {
    expect(secretProblem(format, secret) === null).toBe(usable);
  });
});
