import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRetryAfter } from '../src/delivery/parse-retry-after.ts';

/** RFC 9110's own example moment. */
const NOW = Date.UTC(1994, 10, 6, 8, 49, 37);

const readable: [value: string, ms: number][] = [
  ['0', 0],
  ['1', 1_000],
  ['120', 120_000],
  [' 120 ', 120_000],
  ['007', 7_000],
  ['3600', 3_600_000],
  ['99999999999', 99_999_999_999_000],
  ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
  ['Sun, 06 Nov 1994 08:50:37 GMT', 60_000],
  ['Sun, 06 Nov 1994 08:48:37 GMT', 0],
  ['Sunday, 06-Nov-94 08:50:37 GMT', 60_000],
  ['Sun Nov  6 08:50:37 1994', 60_000],
];
const unreadable = [
  undefined,
  '',
  '   ',
  '-1',
  '+1',
  '1.5',
  '1e3',
  '0x10',
  '120, 60',
  '120 seconds',
  'tomorrow',
  'never before 2090',
  '2090-01-01T00:00:00Z',
  'Sun, 06 Nov 1994 08:50:37',
  'Sun, 06 Nov 1994 08:50:37 CET',
  'Sun, 99 Nov 1994 08:50:37 GMT',
  'Xxx, 06 Xxx 1994 08:50:37 GMT',
];

describe('Retry-After', () => {
  test.each(readable)('%j asks for a wait of %d ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  test.each(unreadable)('%j asks for nothing', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeNull();
  });

  test('any moment in HTTP form is read to the second, whatever the zone of this machine', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(NOW), max: new Date('2199-01-01'), noInvalidDate: true }), (date) => {
        const whole = Math.floor(date.getTime() / 1_000) * 1_000;
        expect(parseRetryAfter(date.toUTCString(), NOW)).toBe(whole - NOW);
      }),
    );
  });

  test('any text gives null or a wait that is not negative and safe to add', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const ms = parseRetryAfter(value, NOW);
        if (ms !== null) expect(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER).toBe(true);
      }),
    );
  });
});
