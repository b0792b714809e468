import type { Profile } from '../profile.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/**
 * Signs as Stripe does ("Verify webhook signatures manually"): `Stripe-Signature: t=…,v1=…` over `t.body`, the secret's
 * text as the key. The body is shaped like Stripe's event object.
 * The catalog, the schedule and the rest are those of `standard-webhooks`.
 */
export const stripe: Profile = {
  ...standardWebhooks,
  name: 'stripe',
  envelope: [
    { key: 'id', from: 'event_id' },
    { key: 'object', value: 'event' },
    { key: 'created', from: 'created_unix' },
    { key: 'type', from: 'type' },
    { key: 'data', fields: [{ key: 'object', from: 'data' }] },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: '{timestamp}.{body}',
    secretFormat: 'utf8',
    header: 'Stripe-Signature',
    format: 'v1={signature}',
    keyPair: null,
    lead: 't={timestamp}',
    rotation: 'list',
    separator: ',',
    headers: [],
  },
};
