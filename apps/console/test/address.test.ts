import { describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { defaultStringifySearch } from '@tanstack/react-router';
import fc from 'fast-check';
import { keepOnly } from '../src/address/keep-only.ts';
import { parseSearch } from '../src/address/parse-search.ts';
import { readMoment } from '../src/address/read-moment.ts';
import { writeSearch } from '../src/address/write-search.ts';
import { readEventTypeSearch } from '../src/event-types/event-type-search.ts';
import { readEventFilter } from '../src/events/event-filter.ts';
import { readOverviewSearch } from '../src/overview/overview-search.ts';
import { readSettingsSearch } from '../src/settings/settings-search.ts';
import { viewOfId } from '../src/shell/view-of-id.ts';
import { readSignInSearch } from '../src/sign-in/sign-in-search.ts';
import { readSignatureSearch } from '../src/signatures/signature-search.ts';
import { readAttemptFilter } from '../src/webhooks/attempts/attempt-filter.ts';
import { readDeliveryFilter } from '../src/webhooks/deliveries/delivery-filter.ts';
import { readEndpointSearch } from '../src/webhooks/endpoints/endpoint-search.ts';

const SUFFIX = '01kcrte3x7e4ta6y0v4tk8wq5m';
const readers = {
  readAttemptFilter,
  readDeliveryFilter,
  readEndpointSearch,
  readEventFilter,
  readEventTypeSearch,
  readOverviewSearch,
  readSettingsSearch,
  readSignatureSearch,
  readSignInSearch,
};
type Reader = (search: Record<string, unknown>) => object;

describe('What follows the path of an address', () => {
  test.each(['12345678901234567890', '1e3', '0x10', '007', 'true', 'null', '{"a":1}', '[1]', '"', '"a', ' a b+c%&=#'])(
    '%s stays the text that it is',
    (text) => {
      expect(parseSearch(`?jobId=${encodeURIComponent(text)}`)).toEqual({ jobId: text });
    },
  );

  test('is read as it was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'binary' })), (search) => {
        expect(parseSearch(writeSearch(search))).toEqual({ ...search });
      }),
    );
    for (const text of ['"12"', '"', '"\\""', '""'])
      expect(parseSearch(writeSearch({ jobId: text }))).toEqual({ jobId: text });
  });

  test('may be of an earlier version, which put some texts in quotes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.nat().map(String)), (jobId) => {
        expect(parseSearch(defaultStringifySearch({ jobId }))).toEqual({ jobId });
      }),
    );
  });

  test('holds lists as names that come several times, and nothing of what has no text', () => {
    expect(writeSearch({ status: ['failed', 'retrying'], type: undefined, jobId: null, data: {} })).toBe(
      '?status=failed&status=retrying',
    );
    expect(parseSearch('?status=failed&status=retrying&a=&a=')).toEqual({
      status: ['failed', 'retrying'],
      a: ['', ''],
    });
    expect(writeSearch({})).toBe('');
  });
});

describe('Every view', () => {
  test.each(Object.entries(readers))(
    '%s lets through what it knows, whatever stands in the address',
    (_, read: Reader) => {
      const names = [
        'status',
        'type',
        'jobId',
        'range',
        'tab',
        'actor',
        'delivery',
        'to',
        'created_after',
        'search',
        'recover',
        'outcome',
        'answered',
        'min_duration_ms',
        'started_after',
      ];
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), (search) => {
          const once = read(search);
          expect(read({ ...once })).toEqual(once);
          for (const value of Object.values(once)) expect(['string', 'undefined']).toContain(typeof value);
        }),
      );
    },
  );

  test('sees nothing of what its reader left out', () => {
    const address = { range: 'zz', q: '1', jobId: 'job-4' };
    expect({ ...address, ...keepOnly(readDeliveryFilter)(address) }).toEqual({ jobId: 'job-4' });
    expect({ ...address, ...keepOnly(readOverviewSearch)(address) }).toEqual({});
  });

  test('is asked for nothing that the API would refuse', () => {
    const wrong = { endpoint_id: 'ep_x', event_id: `dlv_${SUFFIX}`, type: 'x'.repeat(129), jobId: 'x'.repeat(201) };
    expect(readDeliveryFilter({ ...wrong, created_after: 'today', created_before: '2026-02-30T00:00:00Z' })).toEqual(
      {},
    );
    expect(readEventFilter({ type: 'a\0', jobId: '\ud800', created_after: ['2026-01-01T00:00:00Z'] })).toEqual({});
    const ofAttempts = { outcome: 'failed', answered: 'yes', min_duration_ms: '2147483648', started_after: 'today' };
    expect(readAttemptFilter({ ...ofAttempts, endpoint_id: 'ep_x', range: '2h' })).toEqual({});
    expect(readSettingsSearch({ key_id: 'key_1', object_id: 'x'.repeat(501), action: '' })).toEqual({});
    expect(readSignatureSearch({ delivery: `dlv_8${SUFFIX.slice(1)}` })).toEqual({});
    const right = { endpoint_id: `ep_${SUFFIX}`, event_id: `evt_${SUFFIX}`, jobId: '📦'.repeat(200) };
    expect(readDeliveryFilter(right)).toEqual(right);
  });
});

test('A moment in an address is one that the API takes', () => {
  for (const text of ['2026-07-02T12:00:00Z', '2024-02-29T23:59:59.123+02:00']) expect(readMoment(text)).toBe(text);
  for (const text of ['2026-07-02', '2023-02-29T00:00:00Z', '0000-01-01T00:00:00Z', '2026-07-02T25:00:00Z', 7, null]) {
    expect(readMoment(text)).toBeNull();
  }
});

test.each([
  '//evil.example/',
  '/\\evil',
  '\\\\evil',
  '/\t/evil.example',
  'javascript:alert(1)',
  'https://evil.example/',
  'webhooks',
  '/sign-in',
  '/sign-in?to=%2F',
  '',
  7,
])('After the sign-in nothing leads to %j', (to) => {
  expect(readSignInSearch({ to })).toEqual({});
});

test('After the sign-in it goes on where it was, with all of its filters', () => {
  for (const to of ['/', '/webhooks?status=failed&jobId=7#x', '/sign-in-logs'])
    expect(readSignInSearch({ to })).toEqual({ to });
});

test('An id that is none leads nowhere', () => {
  expect(viewOfId(`dlv_${SUFFIX}`)).toBe(`/webhooks/deliveries/dlv_${SUFFIX}`);
  expect(viewOfId(`evt_${SUFFIX}`)).toBe(`/events/evt_${SUFFIX}`);
  // No TypeID: the letter u is in none, and the first digit is at most 7.
  for (const text of [`dlv_u${SUFFIX.slice(1)}`, `ep_8${SUFFIX.slice(1)}`, `ten_${SUFFIX}`, 'dlv_', '']) {
    expect(viewOfId(text)).toBeNull();
  }
  expect(decodeTypeId('delivery', `dlv_${SUFFIX}`)).not.toBeNull();
});
