import type { Profile } from '../profile.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/**
 * Signs as Shopify does ("Verify webhook deliveries"): `X-Shopify-Hmac-Sha256`, base64, over the body, which is the
 * event's data alone; topic and ids stand in headers.
 * The catalog, the schedule and the rest are those of `standard-webhooks`.
 */
export const shopify: Profile = {
  ...standardWebhooks,
  name: 'shopify',
  envelope: 'data',
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'base64',
    signed: '{body}',
    secretFormat: 'utf8',
    header: 'X-Shopify-Hmac-Sha256',
    format: '{signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [
      { name: 'X-Shopify-Topic', from: 'type' },
      { name: 'X-Shopify-Webhook-Id', from: 'delivery_uuid' },
      { name: 'X-Shopify-Event-Id', from: 'event_id' },
    ],
  },
};
