import { expect, test } from '@jest/globals';
import { progressOf, scopeOf, usualChoice } from '../src/webhooks/endpoints/recovery-scope.ts';
import { tlsChangesOf, unchangedTls } from '../src/webhooks/endpoints/tls-draft.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test('a span counts back from when the dialog was opened, so that what was counted is what is replayed', () => {
  expect(scopeOf({ ...usualChoice, span: '1h' }, NOW)?.since).toBe('2026-11-21T11:00:00.000Z');
  expect(scopeOf({ ...usualChoice, span: '7d' }, NOW)?.since).toBe('2026-11-14T12:00:00.000Z');
});

test('a moment of one’s own is read in local time', () => {
  const moment = '2026-11-20T08:30';
  expect(scopeOf({ ...usualChoice, span: 'custom', moment }, NOW)?.since).toBe(new Date(moment).toISOString());
});

test('there is nothing to count without a moment or without a status', () => {
  expect(scopeOf({ ...usualChoice, span: 'custom', moment: '' }, NOW)).toBeNull();
  expect(scopeOf({ ...usualChoice, statuses: [] }, NOW)).toBeNull();
});

test('what arrived already is not sent again unless it is asked for', () => {
  expect(usualChoice.statuses).toEqual(['failed', 'cancelled', 'skipped']);
});

test('progress is full only when all is done', () => {
  expect(progressOf({ matched: 1_000, replayed: 999, status: 'running' })).toBe(99);
  expect(progressOf({ matched: 3, replayed: 2, status: 'stopped' })).toBe(66);
  expect(progressOf({ matched: 0, replayed: 0, status: 'running' })).toBe(100);
  expect(progressOf({ matched: 3, replayed: 3, status: 'done' })).toBe(100);
});

test('certificates that were left alone are not mentioned, and taking away wins over what was typed', () => {
  expect(tlsChangesOf(unchangedTls)).toEqual({});
  expect(tlsChangesOf({ ...unchangedTls, ca: 'PEM', removesCa: true })).toEqual({ ca_certificate: null });
  expect(tlsChangesOf({ ...unchangedTls, client: 'C', key: 'K' })).toEqual({
    client_certificate: 'C',
    client_key: 'K',
  });
  expect(tlsChangesOf({ ...unchangedTls, removesClient: true })).toEqual({
    client_certificate: null,
    client_key: null,
  });
});
