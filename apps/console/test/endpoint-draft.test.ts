import { expect, test } from '@jest/globals';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { ApiError } from '../src/api/client.ts';
import { bodyOf, changesOf, draftOf, draftProblems, emptyDraft } from '../src/webhooks/endpoints/endpoint-draft.ts';
import { readFieldErrors } from '../src/webhooks/endpoints/read-field-errors.ts';

const endpoint: Endpoint = {
  id: 'ep_01m7zvnzbfefst6p8ce9xh9k0e',
  url: 'https://api.acme.example/hook',
  events: ['ssl.issued', 'domain.drift'],
  description: 'production',
  headers: { authorization: '***' },
  rate_limit: 5,
  ordering_skip_after: 3,
  status: 'enabled',
  disabled_reason: null,
  disabled_by: null,
  failure_policy: { warn_after_seconds: null, disable_after_seconds: 5_400 },
  health: { consecutive_failures: 0, first_failure_at: null, last_failure_at: null, last_success_at: null },
  profile: 'connect-domain',
  signature_algorithm: 'hmac-sha256',
  public_keys: [],
  secret_overlap_ends_at: null,
  ca_certificate: null,
  client_certificate: null,
  created_at: '2026-11-21T20:10:07.087Z',
};

test('an endpoint with nothing but a URL wants every type, later ones too', () => {
  expect(bodyOf({ ...emptyDraft, url: 'https://a.example/' })).toEqual({ url: 'https://a.example/', events: [] });
});

test('a draft says only what was filled in', () => {
  const draft = {
    ...emptyDraft,
    url: 'https://a.example/',
    allTypes: false,
    types: ['ssl.issued'],
    headers: [
      { key: 1, name: 'authorization', value: 'Bearer x' },
      { key: 2, name: '', value: '' },
    ],
    ratePerSecond: 10,
    orderingSkipAfter: 2,
    disableAfter: { mode: 'hours', hours: 1.5 } as const,
  };
  expect(bodyOf(draft)).toEqual({
    url: 'https://a.example/',
    events: ['ssl.issued'],
    headers: { authorization: 'Bearer x' },
    rate_limit: 10,
    ordering_skip_after: 2,
    failure_policy: { warn_after_seconds: null, disable_after_seconds: 5_400 },
  });
});

test('no type at all is not sent as every type', () => {
  const draft = { ...emptyDraft, url: 'https://a.example/', allTypes: false };
  expect(draftProblems(draft)).toEqual({ events: expect.stringContaining('Choose at least one') });
});

test('an untouched form changes nothing', () => {
  expect(changesOf(endpoint, draftOf(endpoint))).toEqual({});
});

test('a form sends what changed alone', () => {
  const draft = draftOf(endpoint);
  expect(changesOf(endpoint, { ...draft, description: '' })).toEqual({ description: '' });
  expect(changesOf(endpoint, { ...draft, types: [...draft.types].reverse() })).toEqual({});
  expect(changesOf(endpoint, { ...draft, allTypes: true })).toEqual({ events: [] });
  expect(changesOf(endpoint, { ...draft, ratePerSecond: '' })).toEqual({ rate_limit: null });
  expect(changesOf(endpoint, { ...draft, orderingSkipAfter: '' })).toEqual({ ordering_skip_after: null });
  expect(changesOf(endpoint, { ...draft, headers: [] })).toEqual({ headers: {} });
  expect(changesOf(endpoint, { ...draft, disableAfter: { mode: 'never', hours: '' } })).toEqual({
    failure_policy: { disable_after_seconds: 0 },
  });
});

const refusal = (...errors: { path: string; message: string }[]) =>
  new ApiError(400, {
    type: '/docs/errors#invalid',
    title: 'Invalid',
    status: 400,
    detail: 'The request is not valid.',
    code: 'invalid',
    ref: 'r',
    errors,
  });

test('a refusal stands at its fields, and what belongs to none above them', () => {
  const errors = readFieldErrors(
    refusal(
      { path: 'url', message: 'must use https:' },
      { path: 'events.3', message: 'is not an event type of this tenant' },
      { path: 'headers.Host', message: 'must not be set' },
      { path: 'secret', message: 'must be longer' },
    ),
    ['url', 'events', 'headers'],
  );
  expect(errors.of('url')).toBe('Must use https:.');
  expect(errors.of('events')).toBe('Is not an event type of this tenant.');
  expect(errors.of('headers')).toBe('Host must not be set.');
  expect(errors.rest).toEqual(['Secret must be longer.']);
});

test('a refusal without fields is told as a whole', () => {
  expect(readFieldErrors(new ApiError(0, null), ['url']).rest).toEqual([
    'The API cannot be reached. Check your connection.',
  ]);
});
