import type { Profile } from '../profile.ts';
import { testEventType } from '../test-event-type.ts';

/** The Standard Webhooks specification, 1.0. It has no catalog; tenants bring their types. */
export const standardWebhooks: Profile = {
  name: 'standard-webhooks',
  eventTypes: [testEventType],
  envelope: [
    { key: 'type', from: 'type' },
    { key: 'timestamp', from: 'created_at' },
    { key: 'data', from: 'data' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'base64',
    signed: '{event_id}.{timestamp}.{body}',
    secretFormat: 'whsec',
    header: 'webhook-signature',
    format: 'v1,{signature}',
    keyPair: { algorithm: 'ed25519', format: 'v1a,{signature}' },
    lead: '',
    rotation: 'list',
    separator: ' ',
    headers: [
      { name: 'webhook-id', from: 'event_id' },
      { name: 'webhook-timestamp', from: 'timestamp' },
    ],
  },
  attempts: 8,
  waitsMinutes: [5 / 60, 5, 30, 120, 300, 600, 600],
  waitCapMinutes: 600,
  jitter: 0.2,
  timeoutMs: 20_000,
  onExhausted: 'fail',
  goneDisables: true,
  keepsRetryAfter: true,
  ratePerSecond: null,
  pair: null,
  lifecycles: [],
};
