import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyScheme } from '../../wire/test/any-scheme.ts';
import { oddKeyPairSchemes, oddSchemes } from '../../wire/test/odd-schemes.ts';
import { checkSignature } from '../src/profile/check-signature.ts';

test('The schemes that verifiers are tested with are such as a tenant may declare', () => {
  for (const scheme of [...oddSchemes, ...oddKeyPairSchemes]) {
    expect([scheme.signed, checkSignature(scheme)]).toEqual([scheme.signed, []]);
  }
  fc.assert(
    fc.property(anyScheme, (scheme) => {
      expect(checkSignature(scheme)).toEqual([]);
    }),
  );
});
