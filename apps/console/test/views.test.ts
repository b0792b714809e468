import { expect, test } from '@jest/globals';
import type { Scope } from '@posthorn/domain/scopes';
import { mayUse } from '../src/shell/use-session.ts';
import { viewAt, views } from '../src/shell/views.ts';

test('an address belongs to one view, with all beneath it', () => {
  const labels = [
    '/',
    '/webhooks',
    '/webhooks/endpoints/ep_1',
    '/webhooks/attempts',
    '/events',
    '/events/evt_1',
    '/event-types',
  ].map((path) => viewAt(path)?.label);
  expect(labels).toEqual(['Overview', 'Webhooks', 'Webhooks', 'Webhooks', 'Events', 'Events', 'Event types']);
  expect([viewAt('/sign-in'), viewAt('/eventsx')]).toEqual([undefined, undefined]);
});

test('a key sees the views that its scopes open, and its settings in any case', () => {
  const seenBy = (...scopes: Scope[]) =>
    views.filter(({ scope }) => scope === null || mayUse({ kind: 'tenant', scopes }, scope)).map(({ label }) => label);
  const all = views.map(({ label }) => label);
  expect(seenBy('webhooks:read')).toEqual(all);
  expect(seenBy('webhooks:write')).toEqual(all);
  expect(seenBy('events:write')).toEqual(['Settings']);
  expect(seenBy('usage:read', 'connections:write')).toEqual(['Settings']);
});
