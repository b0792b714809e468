import { describe, expect, test } from '@jest/globals';
import { profiles } from '@posthorn/wire/profiles';
import { verifierLanguages } from '@posthorn/wire/verifiers/write-verifier';
import { verify } from '@posthorn/wire/verify';
import { languagesHere, runVerifiers } from '../../packages/wire/test/run-verifiers.ts';
import { typeErrors } from '../../packages/wire/test/type-errors.ts';
import { keyPairCases, type TimeOfScheme, verifierCases } from '../../packages/wire/test/verifier-cases.ts';
import { type KindOfVerifier, profilesOnPage, readVerifier } from './read-verifiers.ts';

// The verifiers that docs/verifying-signatures.md shows are run as they stand there.

/** Written by hand from the contracts. */
const times: Record<string, TimeOfScheme> = {
  'connect-domain': 'signed',
  cmr: 'sent',
  cdhosting: 'none',
  'tenant-quickstart': 'none',
  'standard-webhooks': 'signed',
  stripe: 'signed',
  github: 'none',
  shopify: 'none',
  slack: 'signed',
  svix: 'signed',
};
const timeOf = (name: string): TimeOfScheme => times[name] ?? 'none';

const withKeyPairs = profiles.filter(({ signature }) => signature.keyPair !== null);
const codesOf = (list: typeof profiles, language: string, kind: KindOfVerifier) =>
  list.map(({ name }) => ({ code: readVerifier(name, language, kind) ?? '', takesNow: timeOf(name) !== 'none' }));
const everyCase = profiles.flatMap(({ name: profile, signature }, verifier) =>
  verifierCases(signature, timeOf(profile)).map((each) => ({ ...each, profile, verifier, signature })),
);
const everyKeyPairCase = withKeyPairs.flatMap(({ name: profile, signature }, verifier) =>
  keyPairCases(signature, timeOf(profile)).map((each) => ({ ...each, profile, verifier })),
);
const told = (cases: readonly { profile: string; name: string }[], verdicts: readonly unknown[]) =>
  cases.map(({ profile, name }, index) => `${profile}, ${name}: ${String(verdicts[index])}`);
const expectedOf = (cases: readonly { profile: string; name: string; authentic: boolean }[]) =>
  told(
    cases,
    cases.map(({ authentic }) => authentic),
  );

test('The page has every built-in profile in every language, and its key pairs where it has them', () => {
  expect(profilesOnPage()).toEqual(profiles.map(({ name }) => name));
  expect(Object.keys(times)).toEqual(profiles.map(({ name }) => name));
  for (const { language } of verifierLanguages) {
    for (const { name, signature } of profiles) {
      expect([name, language, readVerifier(name, language, 'secret')]).toEqual([name, language, expect.any(String)]);
      const hasKeyPairs = readVerifier(name, language, 'key pair') !== undefined;
      expect([name, language, hasKeyPairs]).toEqual([name, language, signature.keyPair !== null]);
    }
  }
});

test('Our own package decides every case as the page says it must be', () => {
  const verdicts = everyCase.map(
    ({ signature, headers, body, keys, now }) =>
      verify(signature, { headers, body: body.toString(), secrets: keys, now }).ok,
  );
  expect(told(everyCase, verdicts)).toEqual(expectedOf(everyCase));
});

test('The code in TypeScript has no type error', () => {
  const codes = [...codesOf(profiles, 'typescript', 'secret'), ...codesOf(withKeyPairs, 'typescript', 'key pair')];
  expect(typeErrors(codes.map(({ code }) => code))).toBe('');
  expect(typeErrors(['export const wrong: string = 1;'])).toContain('TS2322');
});

describe.each(languagesHere)('In $name', ({ language, isHere, hasKeyPairs }) => {
  (isHere ? test : test.skip)('each profile is verified as its contract says', () => {
    const verdicts = runVerifiers(language, codesOf(profiles, language, 'secret'), everyCase);
    expect(told(everyCase, verdicts)).toEqual(expectedOf(everyCase));
  });

  (hasKeyPairs ? test : test.skip)('key pairs are verified where a profile has them', () => {
    const verdicts = runVerifiers(language, codesOf(withKeyPairs, language, 'key pair'), everyKeyPairCase);
    expect(told(everyKeyPairCase, verdicts)).toEqual(expectedOf(everyKeyPairCase));
  });
});
