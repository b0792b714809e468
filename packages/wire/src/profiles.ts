import type { Profile } from './profile.ts';
import { connectDomain } from './profiles/connect-domain.ts';
import { standardWebhooks } from './profiles/standard-webhooks.ts';

/** The built-in profiles. A new one is a file in `profiles/` and a line here. */
export const profiles: readonly Profile[] = [connectDomain, standardWebhooks];

const byName: ReadonlyMap<string, Profile> = new Map(profiles.map((profile) => [profile.name, profile]));

/** The profile of that name, or `undefined`. */
export const findProfile = (name: string): Profile | undefined => byName.get(name);
