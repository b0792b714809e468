import { findEventTypes } from '@posthorn/store/tenant/find-event-types';
import { catalogOf, findTypes, type KnownType } from '../../events/find-types.ts';
import type { AskedEvent } from '../../events/prepare-request.ts';
import { invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';

type Sample = Pick<KnownType, 'name' | 'sample'>;

/** Sent where neither the profile nor the tenant has any type yet. */
const BUILT_IN: Sample = { name: 'webhook.test', sample: '{"message":"This is a test event."}' };

async function namedType(tenant: TenantScope, name: string): Promise<Sample> {
  const type = (await findTypes(tenant, [name])).get(name);
  if (!type) throw invalid({ path: 'type', message: 'is not an event type of this tenant' });
  return type;
}

/** The first type that the endpoint wants and the tenant still has, else the first of the catalog. */
async function defaultType(tenant: TenantScope, wanted: readonly string[]): Promise<Sample> {
  const known = await findTypes(tenant, wanted);
  const subscribed = wanted.map((name) => known.get(name)).find((type) => type !== undefined);
  const [first] = catalogOf(tenant.profile).values();
  if (subscribed ?? first) return (subscribed ?? first) as Sample;
  const [own] = await findEventTypes(tenant.database);
  return own ?? BUILT_IN;
}

/**
 * The sample event that an endpoint is sent on request.
 *
 * @param name the type that was asked for
 * @throws AppError `invalid` when the tenant has no such type
 */
export async function pickSample(
  tenant: TenantScope,
  wanted: readonly string[],
  name: string | undefined,
): Promise<AskedEvent> {
  const type = await (name === undefined ? defaultType(tenant, wanted) : namedType(tenant, name));
  return { type: type.name, jobId: null, dataText: type.sample ?? '{}', aggregateVersion: null };
}
