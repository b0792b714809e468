import type { Profile } from './profile.ts';
import { cdhosting } from './profiles/cdhosting.ts';
import { cmr } from './profiles/cmr.ts';
import { connectDomain } from './profiles/connect-domain.ts';
import { github } from './profiles/github.ts';
import { shopify } from './profiles/shopify.ts';
import { slack } from './profiles/slack.ts';
import { standardWebhooks } from './profiles/standard-webhooks.ts';
import { stripe } from './profiles/stripe.ts';
import { svix } from './profiles/svix.ts';
import { tenantQuickstart } from './profiles/tenant-quickstart.ts';

/** The built-in profiles. A new one is a file in `profiles/` and a line here. */
export const profiles: readonly Profile[] = [
  connectDomain,
  cmr,
  cdhosting,
  tenantQuickstart,
  standardWebhooks,
  stripe,
  github,
  shopify,
  slack,
  svix,
];

const byName: ReadonlyMap<string, Profile> = new Map(profiles.map((profile) => [profile.name, profile]));

/** The profile of that name, or `undefined`. */
export const findProfile = (name: string): Profile | undefined => byName.get(name);
