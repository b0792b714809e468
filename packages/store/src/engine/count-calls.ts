import { Prisma } from '../generated/client.ts';
import type { confirmKeys } from './confirm-keys.ts';
import type { EventRequest } from './event-request.ts';

/** API calls of one tenant, by one key where that is still to be confirmed. */
interface Calls {
  readonly tenantId: string;
  readonly under: number | null;
  readonly ids: Set<string>;
}

/** How many API calls of each tenant these requests came with. @param places of the keys that are to be confirmed */
function callsOf(requests: readonly EventRequest[], places: readonly (number | null)[] | null): Calls[] {
  const calls = new Map<string, Calls>();
  requests.forEach(({ callId, events: [{ tenantId }] }, index) => {
    const under = places?.[index] ?? null;
    const name = `${tenantId} ${under}`;
    const known = calls.get(name);
    if (known) known.ids.add(callId);
    else calls.set(name, { tenantId, under, ids: new Set([callId]) });
  });
  return [...calls.values()];
}

/** What the statement that stores these requests writes about their calls. */
export function countedCalls(requests: readonly EventRequest[], keys: ReturnType<typeof confirmKeys>): Prisma.Sql {
  const calls = callsOf(requests, keys.places);
  return Prisma.sql`
    SELECT tenant_id, 'api_call', sum(quantity) FROM unnest(
      ${calls.map(({ tenantId }) => tenantId)}::text[]::uuid[],
      ${calls.map(({ under }) => under)}::int[],
      ${calls.map(({ ids }) => ids.size)}::int[]
    ) AS t(tenant_id, under, quantity) ${keys.holds} GROUP BY 1`;
}

/** And what one writes whose calls another counts. */
export const noCalls = Prisma.sql`SELECT tenant_id, 'api_call', 0 FROM input WHERE false`;
