import type { Profile } from '../profile.ts';

/** The Standard Webhooks specification, 1.0: no catalog of its own, the tenant brings its types. */
export const standardWebhooks: Profile = {
  name: 'standard-webhooks',
  eventTypes: [],
  envelope: [
    { key: 'type', from: 'type' },
    { key: 'timestamp', from: 'created_at' },
    { key: 'data', from: 'data' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'base64',
    signed: ['id', 'timestamp', 'body'],
    secretFormat: 'whsec',
    signatureHeader: 'webhook-signature',
    signaturePrefix: 'v1,',
    timestampHeader: 'webhook-timestamp',
    idHeader: { name: 'webhook-id', of: 'event' },
    rotation: 'list',
  },
  attempts: 8,
  waitsMinutes: [5 / 60, 5, 30, 120, 300, 600, 600],
  waitCapMinutes: 600,
  jitter: 0.2,
  timeoutMs: 20_000,
  onExhausted: 'fail',
  goneDisables: true,
  pair: null,
};
