import { expect, test } from '@jest/globals';
import { profiles } from '@posthorn/wire/profiles';
import { TOLERANCE_SECONDS as VERIFIER_TOLERANCE } from '@posthorn/wire/verify';
import fc from 'fast-check';
import { describeEnvelope, describeFailures, formatWait, scheduleOf } from '../src/settings/describe-profile.ts';
import { explainScheme, type Scheme, schemeHeaders, TOLERANCE_SECONDS } from '../src/signatures/explain-scheme.ts';

test.each([
  [5 / 60, '5 s'],
  [0, '0 s'],
  [1, '1 min'],
  [90, '1 h 30 min'],
  [1_655 + 5 / 60, '1 d 3 h 35 min 5 s'],
])('A wait of %d minutes reads %s', (minutes, text) => {
  expect(formatWait(minutes)).toBe(text);
});

test('A schedule ends with the sum of its waits, none longer than the cap', () => {
  const wait = fc.integer({ min: 0, max: 10_080 });
  fc.assert(
    fc.property(fc.array(wait, { maxLength: 29, size: 'max' }), wait, (waits, cap) => {
      const rows = scheduleOf({ attempts: waits.length + 1, waits_minutes: waits, wait_cap_minutes: cap });
      const sum = waits.reduce((total, each) => total + Math.min(each, cap), 0);
      expect(rows).toHaveLength(waits.length + 1);
      expect(rows[0]).toEqual({ number: 1, waitMinutes: null, afterMinutes: 0 });
      expect(rows.at(-1)?.afterMinutes).toBe(sum);
    }),
  );
});

test('A body is shown in the order of its fields, those within fields included', () => {
  const text = describeEnvelope([
    { key: 'object', value: 'event' },
    { key: 'type', from: 'type' },
    { key: 'data', fields: [{ key: 'object', from: 'data' }] },
    { key: 'v', from: 'aggregate_version', optional: true },
  ]);
  expect(JSON.parse(text)).toEqual({
    object: 'event',
    type: '<the event’s type>',
    data: { object: '<the event’s data>' },
    v: '<aggregate_version>, if there is one',
  });
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['object', 'type', 'data', 'v']);
  expect(describeEnvelope('data')).toMatch(/alone/);
});

test('What becomes of a delivery that fails for good is said', () => {
  const ending = { gone_disables: true, keeps_retry_after: true, wait_cap_minutes: 60, jitter: 0.2 };
  expect(describeFailures({ ...ending, on_exhausted: 'disable-endpoint' }).join(' ')).toMatch(
    /disabled and the tenant is mailed.*410.*up to 1 h.*80–120 %/,
  );
  expect(describeFailures({ ...ending, on_exhausted: 'fail', gone_disables: false, jitter: 0 })).toHaveLength(2);
});

/** As the API spells a built-in profile's signature. */
const spell = ({ secretFormat, keyPair, ...signature }: (typeof profiles)[number]['signature']): Scheme =>
  ({ ...signature, secret_format: secretFormat, key_pair: keyPair }) as unknown as Scheme;
const schemes = Object.fromEntries(profiles.map(({ name, signature }) => [name, spell(signature)]));
const explained = (name: string): string =>
  explainScheme(schemes[name] as Scheme)
    .map(({ text }) => text)
    .join(' ');

test('Every built-in scheme names all of its headers', () => {
  for (const scheme of Object.values(schemes)) {
    const names = schemeHeaders(scheme).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([scheme.header, ...scheme.headers.map(({ name }) => name)]));
  }
  expect(schemeHeaders(schemes['connect-domain'] as Scheme).map(({ name }) => name)).toEqual([
    'X-CD-Timestamp',
    'X-CD-Signature',
    'X-CD-Signature-Next',
  ]);
  expect(schemeHeaders(schemes['stripe'] as Scheme)[0]?.holds).toMatch(/t=<unix seconds>,v1=….*two, apart by “,”/);
});

test('What is said of the time is what the scheme does', () => {
  expect(explained('connect-domain')).toMatch(/The time is signed\..*300 seconds/);
  expect(explained('cmr')).toMatch(/sent, but not signed/);
  expect(explained('github')).toMatch(/No time is sent/);
  expect(explained('standard-webhooks')).toMatch(/whsec_.*The time is signed/);
});

test('The tolerance that is told is the one that receivers have', () => {
  expect(TOLERANCE_SECONDS).toBe(VERIFIER_TOLERANCE);
});
