import type { Profile } from '../profile.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/**
 * Signs as Slack does ("Verifying requests from Slack"): `X-Slack-Signature: v0=…` over `v0:timestamp:body`. The body is
 * shaped like the Events API's outer event.
 * The catalog, the schedule and the rest are those of `standard-webhooks`.
 */
export const slack: Profile = {
  ...standardWebhooks,
  name: 'slack',
  envelope: [
    { key: 'type', value: 'event_callback' },
    { key: 'event_id', from: 'event_id' },
    { key: 'event_time', from: 'created_unix' },
    { key: 'event_type', from: 'type' },
    { key: 'event', from: 'data' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: 'v0:{timestamp}:{body}',
    secretFormat: 'utf8',
    header: 'X-Slack-Signature',
    format: 'v0={signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [{ name: 'X-Slack-Request-Timestamp', from: 'timestamp' }],
  },
};
