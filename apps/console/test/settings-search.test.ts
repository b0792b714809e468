import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expiryOf, keyLifetimes } from '../src/settings/key-expiry.ts';
import { monthRange } from '../src/settings/month-range.ts';
import { placeOfObject } from '../src/settings/place-of-object.ts';
import { quotaState } from '../src/settings/quota-state.ts';
import { auditFields, isAuditFiltered, readSettingsSearch } from '../src/settings/settings-search.ts';

test('An address is read, and what is not a setting’s is left out', () => {
  const search = { tab: 'audit', actor: 'posthorn', action: 'disableEndpoint', range: '7d', object_id: 'ep_1' };
  expect(readSettingsSearch({ ...search, other: 1 })).toEqual(search);
  expect(readSettingsSearch({ tab: 'rockets', actor: 'me', range: '9y', key_id: '', action: {} })).toEqual({});
  expect(readSettingsSearch({ object_id: 12 })).toEqual({ object_id: '12' });
});

test('Whatever the address holds, it can be read, and read again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), (search) => {
      const once = readSettingsSearch(search);
      expect(readSettingsSearch({ ...once })).toEqual(once);
    }),
  );
});

test('A span becomes the moment where it begins', () => {
  expect(auditFields({ range: '1h' }, Date.parse('2026-07-02T12:00:00Z')).created_after).toBe(
    '2026-07-02T11:00:00.000Z',
  );
  expect(auditFields({}, 0).created_after).toBeUndefined();
  expect(isAuditFiltered({})).toBe(false);
  expect(isAuditFiltered({ key_id: 'key_1' })).toBe(true);
});

test('A quota is near from 80 % on, and reached when nothing is left', () => {
  expect(quotaState(79, 100).level).toBe('ok');
  expect(quotaState(80, 100)).toEqual({ share: 0.8, level: 'near' });
  expect(quotaState(100, 100).level).toBe('reached');
  expect(quotaState(120, 100)).toEqual({ share: 1, level: 'reached' });
  expect(quotaState(0, 0)).toEqual({ share: 1, level: 'reached' });
});

test('A month begins and ends as UTC has it, over the turn of a year too', () => {
  const now = Date.parse('2026-01-31T23:59:59Z');
  expect(monthRange(now, 0)).toEqual({ since: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' });
  expect(monthRange(now, 1)).toEqual({ since: '2025-12-01T00:00:00.000Z', until: '2026-01-01T00:00:00.000Z' });
});

test('A key ends when it was said', () => {
  expect(expiryOf('never', 0)).toBeNull();
  expect(expiryOf('7d', 0)).toBe('1970-01-08T00:00:00.000Z');
  for (const { value, days } of keyLifetimes) expect(expiryOf(value, 0) === null).toBe(days === null);
});

test('An entry leads to what it is about, unless that is gone', () => {
  const endpoint = 'ep_01m7zvnzbfefst6p8ce9xh9k0e';
  const place = (action: string, object_type: string, object_id: string) =>
    placeOfObject({ action, object_type, object_id });
  expect(place('updateEndpoint', 'endpoint', endpoint)).toEqual({ to: `/webhooks/endpoints/${endpoint}` });
  expect(place('deleteEndpoint', 'endpoint', endpoint)).toBeNull();
  expect(place('putEventType', 'event_type', 'a.b')).toEqual({ to: '/event-types' });
  expect(place('createApiKey', 'api_key', 'key_1')).toEqual({ to: '/settings', search: { tab: 'keys' } });
  expect(place('createTenant', 'tenant', 'ten_01m7zvnzbfefst6p8ce9xh9k0e')).toBeNull();
  expect(place('launch', '__proto__', 'x')).toBeNull();
});
