import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FuzzSubject, makeFuzzSubject, nobodys, ownLists } from './fuzz-subject.ts';
import { exampleBodyOf, fillPath } from './generate-requests.ts';
import {
  actsForTenant,
  type DocumentedRoute,
  needsKey,
  type OpenapiDocument,
  readDocument,
  routesOf,
  scopeOf,
} from './openapi-document.ts';
import { type ApiAnswer, addEvent, type RequestOptions, startApi, type TestApi } from './start-api.ts';

let api: TestApi;
let document: OpenapiDocument;
let routes: DocumentedRoute[];
let mine: FuzzSubject;
let other: FuzzSubject;
/** Ids and names of the other tenant alone. */
let othersNames: string[];
beforeAll(async () => {
  api = await startApi();
  document = await readDocument(api);
  // What changes or removes an object comes after what needs it.
  const late = ['PATCH', 'DELETE'];
  routes = routesOf(document).sort((a, b) => late.indexOf(a.method) - late.indexOf(b.method));
  [mine, other] = [await makeFuzzSubject(api, 'mine'), await makeFuzzSubject(api, 'others')];
  othersNames = Object.values(other.own).filter((name) => name !== 'connection');
});
afterAll(() => api.close());

/** Everything that the API shows of the other tenant, to itself and to the operator. */
async function othersState(): Promise<string[]> {
  const { key, id } = other.tenant;
  const paths = [
    ...ownLists.map((name) => `/v1/${name}`),
    `/v1/lifecycles/connection/${other.own['connection'] ?? ''}`,
  ];
  const own = await Promise.all(paths.map((path) => api.request('GET', path, { key })));
  const admin = [`/v1/tenants/${id}`, `/v1/tenants/${id}/api-keys`];
  const shown = await Promise.all(admin.map((path) => api.request('GET', path, { key: api.adminKey })));
  return [...own, ...shown].map(({ status, text }) =>
    `${status} ${text}`.replace(/"(oldest_due_ms|last_used_at)":[^,}]+/g, ''),
  );
}

const withoutRef = ({ status, text, body }: ApiAnswer): string =>
  `${status} ${body.ref ? text.replace(body.ref, '') : text}`;

/** Without the moment at which it was answered. */
const timeless = ({ text }: ApiAnswer): string => text.replace(/"to":"[^"]+"/, '');

const positionsOf = ({ path }: DocumentedRoute): number[] => (path.match(/\{/g) ?? []).map((_, position) => position);
const isOperators = ({ operation }: DocumentedRoute): boolean => scopeOf(operation) === 'apps:admin';
const withIds = (): DocumentedRoute[] => routes.filter((route) => positionsOf(route).length > 0);
const nameOf = ({ operation }: DocumentedRoute): string => operation.operationId;

/** What may stand in one place of a path, its neighbours being the caller's own. */
const kinds = {
  own: (resource: string) => mine.own[resource] ?? 'x',
  others: (resource: string) => other.own[resource] ?? 'x',
  nobodys,
  malformed: (resource: string) => `${nobodys(resource).slice(0, -1)}!`,
  deleted: (resource: string) => mine.gone[resource] ?? nobodys(resource),
} as const;
type Kind = keyof typeof kinds;
const allKinds = Object.keys(kinds) as Kind[];

interface Sending extends RequestOptions {
  readonly kind: Kind;
  /** Where that stands; everywhere, unless given. */
  readonly position?: number;
}

function send(
  { method, path, operation }: DocumentedRoute,
  { kind, position, ...options }: Sending,
): Promise<ApiAnswer> {
  const target = fillPath(path, (resource, at) =>
    kinds[position === undefined || at === position ? kind : 'own'](resource),
  );
  const body = exampleBodyOf(operation, document);
  return api.request(method, target, { ...(body !== undefined && { body }), ...options });
}

/** A PUT of an event type makes what is not there, so its name is nobody's; a transition makes its subject. */
const MAKES_ITS_OBJECT = new Set(['putEventType', 'postTransition']);

/** A lifecycle's name is the profile's, not a tenant's. */
const objectPositionsOf = (route: DocumentedRoute): number[] =>
  positionsOf(route).filter((position) => position > 0 || !route.path.includes('{lifecycle}'));

/** Asks for another tenant's object and for a deleted one. @returns how many answers read as those for nobody's */
async function compareWithNobodys(route: DocumentedRoute, position: number, caller: RequestOptions): Promise<number> {
  if (caller.raw !== undefined && route.method === 'GET') return 0;
  const [nothing, ...answers] = await Promise.all(
    (['nobodys', 'others', 'deleted'] as const).map((kind) => send(route, { ...caller, kind, position })),
  );
  const refused = caller.raw !== undefined && exampleBodyOf(route.operation, document) !== undefined;
  expect([nameOf(route), nothing?.status]).toEqual([nameOf(route), refused ? 400 : 404]);
  for (const answer of answers) {
    expect([nameOf(route), withoutRef(answer)]).toEqual([nameOf(route), nothing && withoutRef(nothing)]);
  }
  return answers.length;
}

describe('every route of the document, with every id in it', () => {
  test('reads the same for another tenant’s object as for nobody’s: 404, for tenants and for who acts as one', async () => {
    const before = await othersState();
    const reading = withIds().filter((route) => !isOperators(route) && !MAKES_ITS_OBJECT.has(nameOf(route)));
    const places = reading.flatMap((route) => objectPositionsOf(route).map((position) => ({ route, position })));
    const callers: RequestOptions[] = [
      { key: mine.tenant.key },
      { key: api.adminKey, headers: { 'x-tenant-id': mine.tenant.id } },
      { key: mine.tenant.key, raw: '{"nonsense":1}' },
    ];
    let compared = 0;
    for (const { route, position } of places) {
      for (const caller of callers) compared += await compareWithNobodys(route, position, caller);
    }
    expect(compared).toBeGreaterThan(100);
    expect(await othersState()).toEqual(before);
  });

  test('answers 404 to what is malformed', async () => {
    for (const route of withIds()) {
      if (MAKES_ITS_OBJECT.has(nameOf(route))) continue;
      const key = isOperators(route) ? api.adminKey : mine.tenant.key;
      const answers = await Promise.all(
        positionsOf(route).map((position) => send(route, { key, kind: 'malformed', position })),
      );
      for (const { status } of answers) expect([nameOf(route), status]).toEqual([nameOf(route), 404]);
    }
  });

  test('keeps another tenant’s child under an own parent apart, for the operator too', async () => {
    const nested = withIds().filter((route) => isOperators(route) && positionsOf(route).length > 1);
    expect(nested.map(nameOf)).toContain('revokeApiKey');
    const before = await othersState();
    for (const route of nested) {
      const kindsOfNothing = ['others', 'nobodys', 'deleted'] as const;
      const answers = await Promise.all(
        kindsOfNothing.map((kind) => send(route, { key: api.adminKey, kind, position: 1 })),
      );
      expect(new Set(answers.map(withoutRef)).size).toBe(1);
      expect(answers[0]?.status).toBe(404);
    }
    expect(await othersState()).toEqual(before);
  });

  test('says the same to who may not ask, whatever the ids name', async () => {
    const guarded = routes.filter(({ operation }) => needsKey(operation));
    const before = await othersState();
    for (const route of guarded) {
      const scope = scopeOf(route.operation);
      const narrow = scope === 'usage:read' ? null : mine.keys.narrow;
      const callers = [
        { key: null, status: 401 },
        { key: mine.keys.revoked, status: 401 },
        ...(scope !== null && narrow !== null ? [{ key: narrow, status: 403 }] : []),
        ...(isOperators(route) ? [{ key: mine.tenant.key, status: 403 }] : []),
      ];
      for (const { key, status } of callers) {
        const answers = await Promise.all(allKinds.map((kind) => send(route, { key, kind })));
        expect([nameOf(route), answers[0]?.status]).toEqual([nameOf(route), status]);
        expect(new Set(answers.map(withoutRef)).size).toBe(1);
      }
    }
    expect(await othersState()).toEqual(before);
  });

  test('asks the operator for a tenant, whatever the ids name', async () => {
    const before = await othersState();
    for (const route of withIds().filter(({ operation }) => actsForTenant(operation))) {
      const answers = await Promise.all(allKinds.map((kind) => send(route, { key: api.adminKey, kind })));
      expect([nameOf(route), answers[0]?.status]).toEqual([nameOf(route), 400]);
      expect(new Set(answers.map(withoutRef)).size).toBe(1);
    }
    expect(await othersState()).toEqual(before);
  });

  test('does not say whether the tenant exists that a tenant wants to act as', async () => {
    const tenants = [other.tenant.id, nobodys('tenants'), 'nonsense'];
    for (const route of routes.filter(({ operation }) => actsForTenant(operation))) {
      const answers = await Promise.all(
        tenants.map((id) => send(route, { key: mine.tenant.key, kind: 'others', headers: { 'x-tenant-id': id } })),
      );
      expect([nameOf(route), answers[0]?.status]).toEqual([nameOf(route), 403]);
      expect(new Set(answers.map(withoutRef)).size).toBe(1);
    }
  });
});

describe('lists', () => {
  const listRoutes = () =>
    routes.filter(
      (route) => route.method === 'GET' && actsForTenant(route.operation) && positionsOf(route).length === 0,
    );
  const queriesOf = ({ operation }: DocumentedRoute) =>
    (operation.parameters ?? []).filter((each) => each.in === 'query');

  test('show nothing of another tenant, from whatever cursor', async () => {
    expect(other.cursors.length).toBeGreaterThan(2);
    for (const route of listRoutes()) {
      const paged = queriesOf(route).some(({ name }) => name === 'cursor');
      const queries = ['', ...(paged ? other.cursors.map((cursor) => `?limit=200&cursor=${cursor}`) : [])];
      for (const query of queries) {
        const { status, text } = await api.request('GET', `${route.path}${query}`, { key: mine.tenant.key });
        expect([200, 400]).toContain(status);
        for (const name of othersNames) expect(text).not.toContain(name);
      }
    }
    expect((await api.request('GET', '/v1/ledger', { key: mine.tenant.key })).body.events_accepted).toBe(2);
  });

  test('filtered by what another tenant has, read as if nobody had it', async () => {
    const filters: Readonly<Record<string, readonly [string, string]>> = {
      endpoint_id: [other.own['webhooks'] ?? '', nobodys('webhooks')],
      event_id: [other.own['events'] ?? '', nobodys('events')],
      type: [other.own['event-types'] ?? '', 'nobodys.type'],
      jobId: ['others-job', 'nobodys-job'],
    };
    const tried = new Set<string>();
    for (const route of listRoutes()) {
      for (const { name } of queriesOf(route)) {
        const values = filters[name];
        if (!values) continue;
        tried.add(name);
        const [theirs, nobodysAnswer] = await Promise.all(
          values.map((value) => api.request('GET', `${route.path}?${name}=${value}`, { key: mine.tenant.key })),
        );
        expect(theirs && timeless(theirs)).toBe(nobodysAnswer && timeless(nobodysAnswer));
        if (nameOf(route) !== 'getStats') expect(theirs?.body.data).toEqual([]);
      }
    }
    expect([...tried].sort()).toEqual(Object.keys(filters).sort());
  });
});

describe('what a body names', () => {
  const endpoint = (events: string[]) => ({ url: 'http://127.0.0.1:9/', events });
  const cases: [method: string, path: string, body: (name: string) => object, resource: string][] = [
    ['POST', '/v1/events', (type) => ({ type, data: {} }), 'event-types'],
    ['POST', '/v1/events/batch', (type) => ({ events: [{ type, data: {} }] }), 'event-types'],
    ['POST', '/v1/webhook-endpoints', (type) => endpoint([type]), 'event-types'],
    ['PATCH', '/v1/webhook-endpoints/{own}', (type) => ({ events: [type] }), 'event-types'],
    ['POST', '/v1/webhook-endpoints/{own}/test', (type) => ({ type }), 'event-types'],
    ['PATCH', '/v1/tenants/{own}', (profile) => ({ profile }), 'profiles'],
    ['PATCH', '/v1/webhook-endpoints/{own}', (secret) => ({ [secret]: 1 }), 'webhooks'],
  ];
  test.each(cases)(
    '%s %s reads the same for another tenant’s name as for nobody’s',
    async (method, path, bodyOf, resource) => {
      const [, , first = ''] = path.split('/');
      const key = first === 'tenants' ? api.adminKey : mine.tenant.key;
      const target = path.replace('{own}', mine.own[first] ?? '');
      const names = [other.own[resource] ?? '', nobodys(resource)];
      const answers = await Promise.all(names.map((name) => api.request(method, target, { key, body: bodyOf(name) })));
      const [theirs, nobodysAnswer] = answers.map((answer, index) =>
        withoutRef(answer).replaceAll(names[index] as string, ''),
      );
      expect(answers[0]?.status).toBe(400);
      expect(theirs).toBe(nobodysAnswer);
    },
  );

  test('another tenant’s idempotency key is free', async () => {
    const id = 'others-idempotency';
    const body = { type: 'domain.verified', data: { hostname: 'mine.example' }, id };
    const answer = await api.request('POST', '/v1/events', { key: mine.tenant.key, body });
    expect([answer.status, answer.headers.has('idempotent-replayed')]).toEqual([202, false]);
  });

  test('another tenant’s subject, profile and type have their names to themselves', async () => {
    const { key } = mine.tenant;
    const before = await othersState();
    const subject = `/v1/lifecycles/connection/${other.own['connection'] ?? ''}`;
    expect((await api.request('GET', subject, { key })).status).toBe(404);
    const moved = await api.request('POST', `${subject}/transitions`, { key, body: { to: 'created' } });
    expect([moved.status, moved.body.version]).toEqual([200, 1]);
    const profile = { name: other.own['profiles'], extends: 'cmr' };
    expect((await api.request('POST', '/v1/profiles', { key, body: profile })).status).toBe(201);
    const type = await api.request('PUT', `/v1/event-types/${other.own['event-types'] ?? ''}`, {
      key,
      body: { description: 'x' },
    });
    expect(type.status).toBe(200);
    expect(await othersState()).toEqual(before);
  });

  test('another tenant’s endpoint gets nothing of an event', async () => {
    const fresh = await api.tenant();
    expect((await addEvent(api, fresh.key)).deliveries).toBe(0);
  });
});

test('the same requests with own ids work: the matrix above asked for what is really there', async () => {
  const refused: unknown[] = [];
  // The key in the example of a sign-in is nobody's.
  for (const route of routes.filter(({ operation }) => operation.operationId !== 'signIn')) {
    const key = isOperators(route) ? api.adminKey : mine.tenant.key;
    const { status, text } = await send(route, { key, kind: 'own' });
    if (status >= 300) refused.push([nameOf(route), status, text]);
  }
  expect(refused).toEqual([]);
});
