import { decodeTypeId } from '@posthorn/domain/type-id';
import { runSql } from '@posthorn/testkit/run-sql';
import { addEndpoint, addEvent, addKey, deliveriesOf, type TestApi, type TestTenant, unknownId } from './start-api.ts';

/** A tenant with one of everything, and the keys that a request may come with. */
export interface FuzzSubject {
  readonly tenant: TestTenant;
  /** Ids and names of the tenant's own, by the part of a path that stands before them. */
  readonly own: Readonly<Record<string, string>>;
  /** An id of each kind that was the tenant's and is deleted or revoked. */
  readonly gone: Readonly<Record<string, string>>;
  readonly keys: { readonly narrow: string; readonly revoked: string };
  /** What nobody may see again. */
  readonly secrets: readonly string[];
  /** Cursors of several lists. */
  readonly cursors: readonly string[];
}

/** What a tenant reads without naming anything, below `/v1/`. */
export const ownLists = [
  'webhook-endpoints',
  'webhook-deliveries',
  'webhook-attempts',
  'events',
  'event-types',
  'profiles',
  'usage',
  'ledger',
] as const;

const HEADER_SECRET = 'canary-in-a-custom-header';
const PAGED = [
  '/v1/events',
  '/v1/webhook-endpoints',
  '/v1/webhook-deliveries',
  '/v1/webhook-attempts',
  '/v1/event-types',
];

async function readCursors(api: TestApi, { key }: TestTenant): Promise<string[]> {
  const pages = await Promise.all(PAGED.map((path) => api.request('GET', `${path}?limit=1`, { key })));
  return pages.flatMap(({ body }) => body.next_cursor ?? []);
}

async function makeGone(api: TestApi, { id, key }: TestTenant) {
  const endpoint = await addEndpoint(api, key);
  await api.request('DELETE', `/v1/webhook-endpoints/${endpoint.id}`, { key });
  await api.request('PUT', '/v1/event-types/gone.type', { key, body: { description: 'gone' } });
  await api.request('DELETE', '/v1/event-types/gone.type', { key });
  await api.request('POST', '/v1/profiles', { key, body: { name: 'gone-profile', extends: 'cmr' } });
  await api.request('DELETE', '/v1/profiles/gone-profile', { key });
  const revoked = await addKey(api, id, ['webhooks:read']);
  await api.request('DELETE', `/v1/tenants/${id}/api-keys/${revoked.id}`, { key: api.adminKey });
  const gone = {
    'webhook-endpoints': endpoint.id,
    webhooks: endpoint.id,
    'event-types': 'gone.type',
    profiles: 'gone-profile',
    'api-keys': revoked.id,
  };
  return { gone, revokedKey: revoked.api_key };
}

/** Two, as a dispatcher would record them, so that their list has a cursor. */
const addAttempts = (api: TestApi, deliveryId: string) =>
  runSql(
    api.databaseUrl,
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status)
     SELECT id, n, gen_random_uuid(), tenant_id, endpoint_id, now(), 7, 'rejected', 500 FROM deliveries, generate_series(1, 2) n
     WHERE id = $1`,
    [decodeTypeId('delivery', deliveryId)],
  );

/** Makes a tenant that has one of everything; `name` stands in whatever of it can be named. */
export async function makeFuzzSubject(api: TestApi, name: string): Promise<FuzzSubject> {
  const tenant = await api.tenant();
  const { id, key } = tenant;
  const { gone, revokedKey } = await makeGone(api, tenant);
  const twin = await addEndpoint(api, key, { description: name });
  const endpoint = await addEndpoint(api, key, {
    description: name,
    url: `http://127.0.0.1:9/${name}`,
    headers: { 'X-Token': HEADER_SECRET },
  });
  await addEvent(api, key, { jobId: `${name}-job` });
  const event = await addEvent(api, key, { jobId: `${name}-job`, id: `${name}-idempotency` });
  const deliveries = await deliveriesOf(api, key, event.id);
  const delivery = deliveries.find(({ endpoint_id: of }) => of === endpoint.id) ?? deliveries[0];
  await addAttempts(api, delivery.id);
  await api.request('PUT', `/v1/event-types/${name}.type`, { key, body: { description: name } });
  await api.request('POST', '/v1/profiles', { key, body: { name: `${name}-profile`, extends: 'connect-domain' } });
  const subject = `${name}-subject`;
  const transition = `/v1/lifecycles/connection/${subject}/transitions`;
  await api.request('POST', transition, { key, body: { to: 'created' } });
  const recovery = await api.request('POST', `/v1/webhook-endpoints/${endpoint.id}/recover`, {
    key,
    body: { since: '1970-01-01T00:00:00Z' },
  });
  const narrow = await addKey(api, id, ['usage:read']);
  const own = {
    tenants: id,
    'api-keys': narrow.id,
    'webhook-endpoints': endpoint.id,
    webhooks: twin.id,
    events: event.id,
    'webhook-deliveries': delivery.id,
    'event-types': `${name}.type`,
    profiles: `${name}-profile`,
    connection: subject,
    lifecycles: 'connection',
    recoveries: recovery.body.id,
  };
  const spare = await addKey(api, id, ['usage:read']);
  return {
    tenant,
    own: { ...own, 'api-keys': spare.id },
    gone,
    keys: { narrow: narrow.api_key, revoked: revokedKey },
    secrets: [key, narrow.api_key, spare.api_key, endpoint.signing_secret, HEADER_SECRET],
    cursors: await readCursors(api, tenant),
  };
}

const prefixes: Readonly<Record<string, string>> = {
  tenants: 'ten',
  'api-keys': 'key',
  'webhook-endpoints': 'ep',
  webhooks: 'ep',
  events: 'evt',
  'webhook-deliveries': 'dlv',
  recoveries: 'rec',
};

/** What has the form of such an id and names nothing. */
export const nobodys = (resource: string): string => {
  const prefix = prefixes[resource];
  return prefix === undefined ? 'nobodys-name' : unknownId(prefix);
};
