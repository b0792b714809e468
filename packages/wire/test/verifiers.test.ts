import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SignatureScheme } from '../src/profile.ts';
import { profiles } from '../src/profiles.ts';
import { sign } from '../src/sign.ts';
import { type VerifierLanguage, writeKeyPairVerifier, writeVerifier } from '../src/verifiers/write-verifier.ts';
import { verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anyScheme } from './any-scheme.ts';
import { anyBody, anyOwnSecret, anySecret, anyTimestamp } from './arbitraries.ts';
import { oddKeyPairSchemes, oddSchemes } from './odd-schemes.ts';
import { languagesHere, runVerifiers } from './run-verifiers.ts';
import { typeErrors } from './type-errors.ts';
import { asReceived, keyPairCases, type TimeOfScheme, type VerifierCase, verifierCases } from './verifier-cases.ts';
import { stripTypes } from './verifier-toolchains.ts';

// The built-in profiles' verifiers are run by test/docs, from the page that shows them. These are of tenants' own.
const SAMPLE = { numRuns: 25, seed: 7 };
const timeOf = ({ lead, headers, signed }: SignatureScheme): TimeOfScheme => {
  if (lead === '' && headers.every(({ from }) => from !== 'timestamp')) return 'none';
  return signed.includes('{timestamp}') ? 'signed' : 'sent';
};

const schemes = [...oddSchemes, ...fc.sample(anyScheme, SAMPLE)];

type Code = (language: VerifierLanguage, scheme: SignatureScheme) => string;
const codeOfKeyPair: Code = (language, scheme) => writeKeyPairVerifier(language, scheme) ?? '';

/** The calls whose verdict is not the wanted one, told in words. */
function wrongVerdicts(
  language: VerifierLanguage,
  write: Code,
  cases: readonly { scheme: SignatureScheme; of: VerifierCase }[],
) {
  const used = [...new Set(cases.map(({ scheme }) => scheme))];
  const codes = used.map((scheme) => ({ code: write(language, scheme), takesNow: timeOf(scheme) !== 'none' }));
  const verdicts = runVerifiers(
    language,
    codes,
    cases.map(({ scheme, of }) => ({ ...of, verifier: used.indexOf(scheme) })),
  );
  return cases.flatMap(({ scheme, of }, index) =>
    verdicts[index] === of.authentic ? [] : [{ scheme: used.indexOf(scheme), name: of.name, verdict: verdicts[index] }],
  );
}

describe.each(languagesHere)('In $name', ({ language, isHere, hasKeyPairs }) => {
  (isHere ? test : test.skip)('verifiers of odd schemes decide as verify does', () => {
    const cases = schemes.flatMap((scheme) =>
      verifierCases(scheme, timeOf(scheme)).map((of) => {
        const { headers, body, keys: secrets, now } = of;
        const { ok } = verify(scheme, { headers, body: body.toString(), secrets, now });
        return { scheme, of: { ...of, authentic: ok } };
      }),
    );
    expect(cases.filter(({ of }) => of.authentic).length).toBeGreaterThan(schemes.length * 8);
    expect(wrongVerdicts(language, writeVerifier, cases)).toEqual([]);
  });

  (hasKeyPairs ? test : test.skip)('verifiers of key pairs take hex, a lead, and any text around a signature', () => {
    const cases = oddKeyPairSchemes.flatMap((scheme) =>
      keyPairCases(scheme, timeOf(scheme)).map((of) => ({ scheme, of })),
    );
    expect(wrongVerdicts(language, codeOfKeyPair, cases)).toEqual([]);
  });
});

test('TypeScript has no type error, whatever the scheme', () => {
  const own = [...schemes, ...oddKeyPairSchemes, ...profiles.map(({ signature }) => signature)];
  const all = own.flatMap((scheme) => [
    writeVerifier('typescript', scheme),
    writeKeyPairVerifier('typescript', scheme),
  ]);
  expect(typeErrors(all.filter((code) => code !== null))).toBe('');
});

type IsAuthentic = (body: Buffer, headers: object, secrets: readonly string[], now: number) => boolean;

async function load(scheme: SignatureScheme): Promise<IsAuthentic> {
  const code = Buffer.from(stripTypes(writeVerifier('typescript', scheme)));
  const module: unknown = await import(`data:text/javascript;base64,${code.toString('base64')}`);
  return (module as { isAuthentic: IsAuthentic }).isAuthentic;
}

const anyChange = fc.oneof(
  fc.record({ header: fc.nat(), value: fc.oneof(fc.string(), fc.constantFrom(undefined, '', '0', 'ÿ')) }),
  fc.record({ header: fc.nat(), append: fc.string({ minLength: 1, maxLength: 3 }) }),
);

test('The verifier in TypeScript takes what was signed, and nothing that verify would not', async () => {
  const anySecretOf = ({ secretFormat }: SignatureScheme) => (secretFormat === 'utf8' ? anyOwnSecret : anySecret);
  const anyCase = anyScheme.chain((scheme) =>
    fc.record({
      scheme: fc.constant(scheme),
      secrets: fc.tuple(anySecretOf(scheme), anySecretOf(scheme), anySecretOf(scheme)),
      body: anyBody,
      timestamp: anyTimestamp,
      isRotating: fc.boolean(),
      change: fc.option(anyChange, { nil: undefined }),
      age: fc.oneof(fc.constantFrom(0, 300, -300, 301, -301), fc.integer({ min: -900, max: 900 })),
      otherBody: fc.option(anyBody, { nil: undefined }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ scheme, secrets, body, timestamp, isRotating, change, age, otherBody }) => {
      const [secret, nextSecret] = secrets;
      const input = anAttempt({ body, timestamp, secret, nextSecret: isRotating ? nextSecret : undefined });
      const sent: Record<string, string | undefined> = { ...asReceived(sign(scheme, input)) };
      const name = Object.keys(sent)[(change?.header ?? 0) % Object.keys(sent).length] ?? '';
      if (change) sent[name] = 'append' in change ? `${sent[name] ?? ''}${change.append}` : change.value;
      const [received, now] = [otherBody ?? body, timestamp + age];
      const isAuthentic = await load(scheme);
      for (const keys of [[secret], [nextSecret], [secrets[2]], [secrets[2], nextSecret, secret], []]) {
        const taken = isAuthentic(Buffer.from(received), sent, keys, now);
        const { ok } = verify(scheme, { headers: sent, body: received, secrets: keys, now });
        // Where the time stands before the signatures, verify also finds it in other places once that header is spoilt.
        const isSpoilt = change !== undefined && scheme.lead !== '' && name.startsWith(scheme.header.toLowerCase());
        expect(taken).toBe(isSpoilt ? ok && taken : ok);
      }
    }),
    { numRuns: 200 },
  );
});
