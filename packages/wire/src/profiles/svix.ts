import type { Profile } from '../profile.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/**
 * Signs as Svix does ("Verifying webhooks manually"): the scheme of Standard Webhooks under the names `svix-…`. The body
 * is the event's data alone.
 * The catalog, the schedule and the rest are those of `standard-webhooks`.
 */
export const svix: Profile = {
  ...standardWebhooks,
  name: 'svix',
  envelope: 'data',
  signature: {
    ...standardWebhooks.signature,
    header: 'svix-signature',
    headers: [
      { name: 'svix-id', from: 'event_id' },
      { name: 'svix-timestamp', from: 'timestamp' },
    ],
  },
};
