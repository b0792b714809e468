import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routeTable } from '../src/routes/route-table.ts';
import { addEndpoint, addEvent, deliveriesOf, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let mine: TestTenant;
let other: TestTenant;
/** The other tenant's ids, by what stands before them in a path. */
let ids: Record<string, string>;
let before: unknown[];

async function snapshot(): Promise<unknown[]> {
  const paths = [
    '/v1/webhook-endpoints',
    '/v1/webhook-deliveries',
    '/v1/events',
    '/v1/event-types',
    '/v1/profiles',
    '/v1/lifecycles/connection/others-subject',
    '/v1/usage',
  ];
  return Promise.all(paths.map(async (path) => (await api.request('GET', path, { key: other.key })).body));
}

beforeAll(async () => {
  api = await startApi();
  [mine, other] = [await api.tenant(), await api.tenant()];
  await addEndpoint(api, mine.key);
  const endpoint = await addEndpoint(api, other.key);
  const event = await addEvent(api, other.key);
  const [delivery] = await deliveriesOf(api, other.key, event.id);
  await api.request('PUT', '/v1/event-types/others.type', { key: other.key, body: { description: 'd' } });
  const own = { name: 'others-profile', extends: 'connect-domain' };
  await api.request('POST', '/v1/profiles', { key: other.key, body: own });
  const path = '/v1/lifecycles/connection/others-subject/transitions';
  await api.request('POST', path, { key: other.key, body: { to: 'pending_ownership' } });
  const { body: recovery } = await api.request('POST', `/v1/webhook-endpoints/${endpoint.id}/recover`, {
    key: other.key,
    body: { since: '1970-01-01T00:00:00Z' },
  });
  ids = {
    'webhook-endpoints': endpoint.id,
    webhooks: endpoint.id,
    events: event.id,
    'webhook-deliveries': delivery.id,
    'event-types': 'others.type',
    profiles: 'others-profile',
    lifecycles: 'others-subject',
    recoveries: recovery.id,
  };
  before = await snapshot();
});
afterAll(() => api.close());

/** A PUT makes what is not there, so it is no way to reach another tenant's. */
const withIds = routeTable.filter(
  ({ access, path, method }) => access === 'tenant' && path.includes('{') && method !== 'put',
);
const bodyOf: Record<string, object> = {
  postTransition: { to: 'verifying' },
  recoverEndpoint: { since: '1970-01-01T00:00:00Z' },
};
const nobody: Record<string, string> = {
  ep: 'ep_01h455vb4pex5vsknk084sn02q',
  evt: 'evt_01h455vb4pex5vsknk084sn02q',
  dlv: 'dlv_01h455vb4pex5vsknk084sn02q',
  rec: 'rec_01h455vb4pex5vsknk084sn02q',
};

test.each(withIds.map((route) => [route.operationId, route] as const))(
  '%s: another tenant’s id reads like one that nobody has',
  async (_, route) => {
    const [, , resource = ''] = route.path.split('/');
    const id = ids[resource] as string;
    const unknown = nobody[id.split('_')[0] as string] ?? 'nobodys.type';
    const send = (one: string) =>
      api.request(route.method.toUpperCase(), route.path.replace('{lifecycle}', 'connection').replace(/\{\w+\}/, one), {
        key: mine.key,
        ...(route.body && { body: bodyOf[route.operationId] ?? {} }),
      });
    const [answer, nothing] = [await send(id), await send(unknown)];
    const withoutRef = ({ text, body }: typeof answer) => text.replace(body.ref, '');
    // A subject that nobody has stands at the start, from where this transition does not go.
    expect(answer.status).toBe(route.operationId === 'postTransition' ? 409 : 404);
    expect(withoutRef(answer)).toBe(withoutRef(nothing));
    expect(await snapshot()).toEqual(before);
  },
);

test('lists and filters show nothing of another tenant', async () => {
  const lists = routeTable.filter(
    ({ access, method, path }) => access === 'tenant' && method === 'get' && !path.includes('{'),
  );
  for (const { path } of lists) {
    const { text } = await api.request('GET', path, { key: mine.key });
    for (const id of Object.values(ids)) expect(text).not.toContain(id);
  }
  for (const [name, id] of [
    ['endpoint_id', ids['webhooks']],
    ['event_id', ids['events']],
  ]) {
    const { body } = await api.request('GET', `/v1/webhook-deliveries?${name}=${id}`, { key: mine.key });
    expect(body.data).toEqual([]);
  }
  expect((await api.request('GET', '/v1/ledger', { key: mine.key })).body.events_accepted).toBe(0);
});

test('another tenant’s cursor opens nothing', async () => {
  await addEvent(api, other.key);
  const { body } = await api.request('GET', '/v1/events?limit=1', { key: other.key });
  const answer = await api.request('GET', `/v1/events?cursor=${body.next_cursor}`, { key: mine.key });
  expect(answer.body.data).toEqual([]);
});

test('another tenant’s endpoint gets nothing, and its type does not exist', async () => {
  const event = await addEvent(api, mine.key);
  expect(event.deliveries).toBe(1);
  const answer = await api.request('POST', '/v1/events', { key: mine.key, body: { type: 'others.type', data: {} } });
  expect(answer.body.errors[0].path).toBe('type');
});
