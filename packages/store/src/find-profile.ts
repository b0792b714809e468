import type { Profile } from '@posthorn/wire/profile';
import { findProfile as findBuiltIn } from '@posthorn/wire/profiles';
import type { Database } from './open-database.ts';

/** Names a contract: a built-in one by its name alone, one version of a tenant's own by its id as well. */
export interface ProfileRef {
  readonly profile: string;
  readonly profileId: string | null;
}

export type ProfileFinder = (ref: ProfileRef) => Promise<Profile>;

/** Versions never change, so what was read once is kept; the oldest go first. */
const MAX_CACHED_PROFILES = 1_000;

async function readOwn(database: Database, id: string): Promise<Profile> {
  const row = await database.ownProfile.findUnique({ where: { id }, select: { definition: true } });
  if (!row) throw new Error(`There is no profile ${id}`);
  return JSON.parse(row.definition) as Profile;
}

/** Finds contracts, a tenant's own ones in the database. @throws when this version knows no such profile */
export function createProfileFinder(database: Database): ProfileFinder {
  const own = new Map<string, Promise<Profile>>();
  const findOwn = (id: string): Promise<Profile> => {
    const known = own.get(id);
    if (known) return known;
    const [oldest] = own.keys();
    if (own.size >= MAX_CACHED_PROFILES && oldest !== undefined) own.delete(oldest);
    const found = readOwn(database, id);
    found.catch(() => own.delete(id));
    own.set(id, found);
    return found;
  };
  return async ({ profile: name, profileId }) => {
    if (profileId !== null) return findOwn(profileId);
    const builtIn = findBuiltIn(name);
    if (!builtIn) throw new Error(`This version knows no profile ${name}`);
    return builtIn;
  };
}
