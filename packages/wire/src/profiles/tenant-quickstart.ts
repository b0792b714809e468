import type { Profile } from '../profile.ts';
import { testEventType } from '../test-event-type.ts';

/** The tenant quickstart's webhooks: seed 004. It names no types; tenants bring theirs. */
export const tenantQuickstart: Profile = {
  name: 'tenant-quickstart',
  eventTypes: [testEventType],
  envelope: [
    { key: 'id', from: 'event_id' },
    { key: 'type', from: 'type' },
    { key: 'data', from: 'data' },
    { key: 'created_at', from: 'created_at' },
    { key: 'aggregate_version', from: 'aggregate_version', optional: true },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: '{body}',
    secretFormat: 'utf8',
    header: 'X-Webhook-Signature',
    format: '{signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [{ name: 'X-Webhook-Id', from: 'delivery_id' }],
  },
  attempts: 6,
  waitsMinutes: [1, 2, 4, 8, 16],
  waitCapMinutes: 60,
  jitter: 0,
  timeoutMs: 10_000,
  onExhausted: 'fail',
  goneDisables: false,
  keepsRetryAfter: true,
  ratePerSecond: null,
  pair: null,
  lifecycles: [],
};
