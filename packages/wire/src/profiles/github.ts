import type { Profile } from '../profile.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/**
 * Signs as GitHub does ("Validating webhook deliveries"): `X-Hub-Signature-256: sha256=…` over the body, which is the
 * event's data alone; type and delivery stand in headers.
 * The catalog, the schedule and the rest are those of `standard-webhooks`.
 */
export const github: Profile = {
  ...standardWebhooks,
  name: 'github',
  envelope: 'data',
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: '{body}',
    secretFormat: 'utf8',
    header: 'X-Hub-Signature-256',
    format: 'sha256={signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [
      { name: 'X-GitHub-Event', from: 'type' },
      { name: 'X-GitHub-Delivery', from: 'delivery_uuid' },
    ],
  },
};
