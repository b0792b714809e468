import { expect, test } from '@jest/globals';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { findEndpointOf } from '../src/webhooks/deliveries/find-endpoint-of.ts';

const endpoint = { id: 'ep_1', status: 'disabled' } as Endpoint;
const readAt = Date.parse('2026-11-21T12:00:00Z');
const to = (endpoint_id: string, created_at = '2026-11-21T11:00:00Z') => ({ endpoint_id, created_at });

test('an endpoint that is not among all that were read was deleted, unless it is newer than they are', () => {
  const known = { rows: [endpoint], more: false, readAt };
  expect(findEndpointOf(to('ep_1'), known)).toBe(endpoint);
  expect(findEndpointOf(to('ep_2'), known)).toBeNull();
  expect(findEndpointOf(to('ep_2', '2026-11-21T12:00:01Z'), known)).toBeUndefined();
  expect(findEndpointOf(to('ep_2'), { ...known, more: true })).toBeUndefined();
  expect(findEndpointOf(to('ep_1'), undefined)).toBeUndefined();
});
