import { Prisma } from '../generated/client.ts';
import { type KeyTerms, sameTerms } from '../key-terms.ts';
import type { Transaction } from '../open-database.ts';
import type { EventRequest } from './event-request.ts';

/** Of these terms the places of those that still hold: the key is live, and it and its tenant are as they were. */
const confirmed = (terms: readonly KeyTerms[]): Prisma.Sql => Prisma.sql`
  SELECT c.place FROM unnest(
    ${terms.map(({ keyId }) => keyId)}::text[]::uuid[],
    ${terms.map(({ profile }) => profile)}::text[],
    ${terms.map(({ profileId }) => profileId)}::text[]::uuid[],
    ${terms.map(({ limited }) => limited)}::bool[],
    ${terms.map(({ scopes }) => scopes.join(' '))}::text[]
  ) WITH ORDINALITY AS c(key_id, profile, profile_id, limited, scopes, place)
  JOIN api_keys k ON k.id = c.key_id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    AND array_to_string(k.scopes, ' ') = c.scopes
  JOIN tenants t ON t.id = k.tenant_id AND t.profile = c.profile AND t.profile_id IS NOT DISTINCT FROM c.profile_id
  LEFT JOIN tenant_quotas q ON q.tenant_id = t.id
  WHERE (q.events_per_month IS NOT NULL) = c.limited`;

/** The different terms among the requests, and of each request the place of its own, from 1; `null`: it has none. */
function numberTerms(requests: readonly EventRequest[]) {
  const terms: KeyTerms[] = [];
  const placeByTerms = new Map<KeyTerms, number>();
  const places = requests.map(({ under }) => {
    if (!under) return null;
    const known = placeByTerms.get(under);
    if (known !== undefined) return known;
    const index = terms.findIndex((each) => sameTerms(each, under));
    const place = index === -1 ? terms.push(under) : index + 1;
    placeByTerms.set(under, place);
    return place;
  });
  return { terms, places };
}

function partsFor(requests: readonly EventRequest[]) {
  const { terms, places } = numberTerms(requests);
  return {
    first: Prisma.sql`confirmed AS MATERIALIZED (${confirmed(terms)}),`,
    column: Prisma.sql`, ${requests.flatMap(({ events }, index) => events.map(() => places[index]))}::int[]`,
    name: Prisma.sql`, under`,
    holds: Prisma.sql`WHERE under IS NULL OR under IN (SELECT place FROM confirmed)`,
    places,
  };
}

const noParts = {
  first: Prisma.empty,
  column: Prisma.empty,
  name: Prisma.empty,
  holds: Prisma.empty,
  places: null,
};

/**
 * The parts of the statement that stores events which leave out what came with a key that has changed: none where every
 * request's key was looked up. A key that was is not looked up twice, and one that was not costs no statement of its own.
 */
export const confirmKeys = (requests: readonly EventRequest[]) =>
  requests.some(({ under }) => under) ? partsFor(requests) : noParts;

/** Whether all of these requests' keys have the terms that they were judged by. */
export async function areConfirmed(tx: Transaction, requests: readonly EventRequest[]): Promise<boolean> {
  const { terms } = numberTerms(requests);
  if (terms.length === 0) return true;
  const rows = await tx.$queryRaw<unknown[]>(confirmed(terms));
  return rows.length === terms.length;
}
