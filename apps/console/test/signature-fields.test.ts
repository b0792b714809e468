import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyFacts, lineEndsOf, withLineEnds, withoutLastBreak } from '../src/signatures/body-facts.ts';
import { headerLines, maskedSignatures } from '../src/signatures/header-lines.ts';
import { readMoment } from '../src/signatures/read-moment.ts';
import { readSignatureSearch } from '../src/signatures/signature-search.ts';

const lines = fc.array(
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
  { minLength: 2 },
);

test('What was pasted with CRLF is sent with CRLF, although a text field makes it LF', () => {
  fc.assert(
    fc.property(lines, (each) => {
      const pasted = each.join('\r\n');
      expect(lineEndsOf(pasted)).toBe('crlf');
      expect(withLineEnds(each.join('\n'), 'crlf')).toBe(pasted);
      expect(withLineEnds(pasted, 'lf')).toBe(each.join('\n'));
    }),
  );
});

test.each(['', '{}', 'a\nb', 'a\r\nb\nc', '\n'])('These line ends count as LF: %j', (text) => {
  expect(lineEndsOf(text)).toBe('lf');
});

test('A body is counted in the bytes that are signed', () => {
  expect(bodyFacts('{"name":"Söhne 🎺"}\n')).toEqual({ bytes: 23, endsWithBreak: true, breaks: 1 });
  expect(bodyFacts('')).toEqual({ bytes: 0, endsWithBreak: false, breaks: 0 });
});

test('Only the last line break is taken away', () => {
  expect(withoutLastBreak('{}\n\n')).toBe('{}\n');
  expect(withoutLastBreak('{}\r\n')).toBe('{}');
  expect(withoutLastBreak('{}')).toBe('{}');
});

test('Headers of a record become lines, and masked signatures are named', () => {
  const text = headerLines({
    'X-CD-Timestamp': '1',
    'X-CD-Signature': 'sha256=***',
    'X-Own': '***',
    Accept: ['a', 'b'],
  });
  expect(text).toBe('X-CD-Timestamp: 1\nX-CD-Signature: sha256=***\nX-Own: ***\nAccept: a\nAccept: b');
  expect(maskedSignatures(text, [{ header: 'x-cd-signature' }])).toEqual(['X-CD-Signature']);
  expect(maskedSignatures('X-CD-Signature-Next: ***', [{ header: 'X-CD-Signature' }])).toEqual(['X-CD-Signature-Next']);
  expect(maskedSignatures('X-CD-Signature: sha256=00', [{ header: 'X-CD-Signature' }])).toEqual([]);
  const both = [{ header: 'X-CD-Signature' }, { header: 'X-Shopify-Hmac-Sha256' }];
  expect(maskedSignatures('x-shopify-hmac-sha256: ***', both)).toEqual(['x-shopify-hmac-sha256']);
});

test.each([
  ['2026-07-02T12:00:00Z', '2026-07-02T12:00:00.000Z'],
  ['2026-07-02T14:00:00+02:00', '2026-07-02T12:00:00.000Z'],
  ['Thu, 02 Jul 2026 12:00:00 GMT', '2026-07-02T12:00:00.000Z'],
  [' 1782993600 ', '2026-07-02T12:00:00.000Z'],
  ['1782993600000', '2026-07-02T12:00:00.000Z'],
])('The time %j is understood', (text, at) => {
  expect(readMoment(text)).toEqual({ at });
});

test('No time is now, and what is no time is said', () => {
  expect(readMoment('  ')).toEqual({ at: undefined });
  for (const text of ['yesterday', '12', '2026-13-45T00:00:00Z']) expect(readMoment(text)).toHaveProperty('problem');
});

test('The address takes the id of a delivery and nothing else', () => {
  const delivery = 'dlv_01m7zvvg1kfx396za3536xz6e6';
  expect(readSignatureSearch({ delivery, secret: 'whsec_x' })).toEqual({ delivery });
  expect(readSignatureSearch({ delivery: 'dlv_<script>' })).toEqual({});
});
