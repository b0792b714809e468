import { profiles } from '@posthorn/wire/profiles';
import { type Answer, ok } from '../../http/answer.ts';
import { showProfile } from './show-profile.ts';

/** `GET /v1/profiles`: the delivery contracts as data. */
export const getProfiles = (): Answer => ok({ data: profiles.map((profile) => showProfile(profile, 'built-in')) });
