import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { keyPairOf } from '@posthorn/wire/key-pair';
import { profiles } from '@posthorn/wire/profiles';
import { addEndpoint, addEvent, startApi, type TestApi, type TestTenant } from './start-api.ts';

const oneState = { name: 'l', subject: '', states: ['a'], edges: [], meters_first: [], meters_entering: {} };

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  tenant = await api.tenant();
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: unknown, key = tenant.key) =>
  api.request(method, path, { key, ...(body !== undefined && { body }) });
const create = (body: object, key = tenant.key) => call('POST', '/v1/profiles', body, key);
const give = (profile: string, id = tenant.id) => call('PATCH', `/v1/tenants/${id}`, { profile }, api.adminKey);
const acme = {
  name: 'acme',
  extends: 'connect-domain',
  event_types: [
    {
      name: 'invoice.paid',
      description: 'An invoice was paid.',
      schema: { type: 'object', required: ['invoice'], properties: { invoice: { type: 'string' } } },
      sample: { invoice: 'inv_1' },
    },
  ],
  pair: null,
  lifecycles: [],
  envelope: [
    { key: 'kind', from: 'type' },
    { key: 'version', value: 2 },
    { key: 'payload', fields: [{ key: 'object', from: 'data' }] },
  ],
  signature: {
    header: 'X-Acme-Signature',
    signed: 'v2|{timestamp}|{body}',
    lead: 'ts={timestamp}',
    format: 'v2={signature}',
    separator: ',',
    rotation: 'list',
    headers: [],
  },
  attempts: 3,
  waits_minutes: [1, 10],
  timeout_ms: 3_000,
};

async function payloadOf(id: string): Promise<unknown> {
  return JSON.parse((await call('GET', `/v1/events/${id}`)).body.payload);
}

describe('POST /v1/profiles', () => {
  test('201 shows the whole profile: what it overrides, and what it takes over', async () => {
    const answer = await create(acme);
    expect(answer.status).toBe(201);
    const { extends: _, signature, ...parts } = acme;
    expect(answer.body).toMatchObject({
      ...parts,
      source: 'tenant',
      signature: { ...signature, algorithm: 'hmac-sha256', encoding: 'hex', secret_format: 'utf8' },
      wait_cap_minutes: 60,
      on_exhausted: 'fail',
      gone_disables: false,
    });
  });

  test('201 with nothing overridden is the built-in profile under another name', async () => {
    const { body } = await create({ name: 'mine', extends: 'cmr' });
    const listed = (await call('GET', '/v1/profiles')).body.data;
    const builtIn = listed.find(({ name }) => name === 'cmr');
    expect(body).toEqual({ ...builtIn, name: 'mine', source: 'tenant' });
  });

  test('201 takes the signature of any built-in profile by its name', async () => {
    const { body } = await create({ name: 'like-stripe', extends: 'connect-domain', signature: 'stripe' });
    expect(body).toMatchObject({ signature: { header: 'Stripe-Signature', lead: 't={timestamp}' } });
  });

  test('201 keeps the key pairs of standard-webhooks, unless what its header is made of changes', async () => {
    const pairs = { algorithm: 'ed25519', format: 'v1a,{signature}' };
    const header = await create({ name: 'a', extends: 'standard-webhooks', signature: { header: 'X-A' } });
    expect(header.body).toMatchObject({ signature: { key_pair: pairs } });
    for (const signature of [{ secret_format: 'utf8' }, { separator: ';' }, { format: 'v2={signature}' }]) {
      const { body } = await create({ name: `b-${Object.keys(signature)[0]?.length}`, extends: 'svix', signature });
      expect(body).toMatchObject({ signature: { ...signature, key_pair: null } });
    }
  });

  test.each([
    [{}, 'name'],
    [{ name: 'A B' }, 'name'],
    [{ extends: 'nope' }, 'extends'],
    [{ attempts: 4 }, 'waits_minutes'],
    [{ attempts: 0 }, 'attempts'],
    [{ attempts: 3, waits_minutes: [1, 61] }, 'waits_minutes.1'],
    [{ timeout_ms: 60_001 }, 'timeout_ms'],
    [{ envelope: [{ key: 'a', from: 'type' }] }, 'envelope'],
    [
      {
        envelope: [
          { key: 'a', from: 'data' },
          { key: 'a', from: 'type' },
        ],
      },
      'envelope.1.key',
    ],
    [{ envelope: 'body' }, 'envelope'],
    [{ signature: { signed: '{timestamp}' } }, 'signature.signed'],
    [{ signature: { signed: '{event_id}.{body}' } }, 'signature.signed'],
    [{ signature: { signed: '{body}{nonce}' } }, 'signature.signed'],
    [{ signature: { format: 'sha256' } }, 'signature.format'],
    [{ signature: { header: 'X-Posthorn-Signature' } }, 'signature.header'],
    [{ signature: { header: 'Bad Name' } }, 'signature.header'],
    [{ signature: { header: 'Accept-Encoding' } }, 'signature.header'],
    [{ signature: { header: 'x-forwarded-for' } }, 'signature.header'],
    [{ signature: { header: 'X-S', headers: [{ name: 'Trailers', from: 'timestamp' }] } }, 'signature.headers.0.name'],
    [{ lifecycles: Array.from({ length: 21 }, (_, index) => ({ ...oneState, name: `l${index}` })) }, 'lifecycles'],
    [{ lifecycles: [{ ...oneState, meters_first: Array(5).fill('connect') }] }, 'lifecycles.0.meters_first'],
    [
      { lifecycles: [{ ...oneState, meters_entering: { a: Array(5).fill('connect') } }] },
      'lifecycles.0.meters_entering.a',
    ],
    [{ signature: { header: 'X-CD-Timestamp' } }, 'signature.headers.0.name'],
    [{ signature: { rotation: 'list' } }, 'signature.separator'],
    [{ signature: { separator: '=', rotation: 'list' } }, 'signature.separator'],
    [{ signature: { lead: 'x', separator: ',' } }, 'signature.lead'],
    [{ signature: { key_pair: { algorithm: 'ed25519', format: 'b={signature}' } } }, 'signature.key_pair'],
    [
      { signature: { secret_format: 'whsec', key_pair: { algorithm: 'ed25519', format: 'b' } } },
      'signature.key_pair.format',
    ],
    [
      { signature: { secret_format: 'whsec', key_pair: { algorithm: 'ed25519', format: 'sha256={signature}' } } },
      'signature.key_pair.format',
    ],
    [
      {
        signature: {
          secret_format: 'whsec',
          key_pair: { algorithm: 'ed25519', format: 'a,{signature}' },
          separator: ',',
          rotation: 'list',
        },
      },
      'signature.key_pair.format',
    ],
    [{ signature: 'nope' }, 'signature'],
    [{ event_types: [], lifecycles: [] }, 'pair'],
    [{ event_types: [], pair: null }, 'lifecycles.0.edges.1.events.0.type'],
    [
      { event_types: [{ ...acme.event_types[0], schema: { type: 'nope' } }], pair: null, lifecycles: [] },
      'event_types.0.schema',
    ],
    [
      { event_types: [{ ...acme.event_types[0], sample: {} }], pair: null, lifecycles: [] },
      'event_types.0.sample.invoice',
    ],
    [
      {
        lifecycles: [
          {
            name: 'l',
            subject: '',
            states: ['a'],
            edges: [{ from: 'a', to: 'b', events: [] }],
            meters_first: [],
            meters_entering: {},
          },
        ],
      },
      'lifecycles.0.edges.0.to',
    ],
    [{ event_types: [{ ...acme.event_types[0], name: 'größe.x' }] }, 'event_types.0.name'],
    [{ event_types: [{ ...acme.event_types[0], name: 'x'.repeat(129) }] }, 'event_types.0.name'],
    [{ unknown: 1 }, 'unknown'],
  ])('400 for %j names %s', async (over, path) => {
    const name = 'name' in over || Object.keys(over).length === 0 ? {} : { name: 'bad' };
    const answer = await create({ ...name, extends: 'connect-domain', ...over });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
    expect(answer.body.errors[0].message.length).toBeGreaterThan(5);
  });

  test('409 for a name that is taken, or built in', async () => {
    await create(acme);
    expect((await create(acme)).status).toBe(409);
    expect((await create({ name: 'cmr', extends: 'cmr' })).status).toBe(409);
    const other = await api.tenant();
    expect((await create(acme, other.key)).status).toBe(201);
  });
});

describe('GET /v1/profiles', () => {
  test('shows the built-in ones to everyone, and a tenant its own', async () => {
    await create(acme);
    const names = async (key: string) =>
      (await call('GET', '/v1/profiles', undefined, key)).body.data.map(({ name }) => name);
    const builtIn = profiles.map(({ name }) => name);
    expect(await names(tenant.key)).toEqual([...builtIn, 'acme']);
    expect(await names(api.adminKey)).toEqual(builtIn);
    expect(await names((await api.tenant()).key)).toEqual(builtIn);
  });
});

describe('PUT and DELETE /v1/profiles/{name}', () => {
  test('200 puts a new version in its place; what was accepted keeps the old one', async () => {
    await create(acme);
    await give('acme');
    const old = await addEvent(api, tenant.key, { type: 'invoice.paid', data: { invoice: 'inv_1' } });
    const { name: _, ...parts } = acme;
    const changed = { ...parts, envelope: [{ key: 'only', from: 'data' }] };
    expect((await call('PUT', '/v1/profiles/acme', changed)).status).toBe(200);
    const fresh = await addEvent(api, tenant.key, { type: 'invoice.paid', data: { invoice: 'inv_2' } });
    expect(await payloadOf(old.id)).toEqual({
      kind: 'invoice.paid',
      version: 2,
      payload: { object: { invoice: 'inv_1' } },
    });
    expect(await payloadOf(fresh.id)).toEqual({ only: { invoice: 'inv_2' } });
  });

  test('404 for a name that is not there, 409 for a built-in one, 400 for a bad body', async () => {
    expect((await call('PUT', '/v1/profiles/nothing', { extends: 'cmr' })).status).toBe(404);
    expect((await call('PUT', '/v1/profiles/cmr', { extends: 'cmr' })).status).toBe(409);
    expect((await call('PUT', '/v1/profiles/nothing', { extends: 'cmr', attempts: 9 })).status).toBe(400);
    expect((await call('DELETE', '/v1/profiles/nothing')).status).toBe(404);
    expect((await call('DELETE', '/v1/profiles/cmr')).status).toBe(409);
  });

  test('204 deletes one that the tenant does not have; 409 while it does', async () => {
    await create(acme);
    await give('acme');
    expect((await call('DELETE', '/v1/profiles/acme')).status).toBe(409);
    await give('connect-domain');
    expect((await call('DELETE', '/v1/profiles/acme')).status).toBe(204);
    expect((await call('DELETE', '/v1/profiles/acme')).status).toBe(404);
    expect((await give('acme')).status).toBe(400);
    expect((await create(acme)).status).toBe(201);
  });
});

describe('Races', () => {
  const round = async (one: () => Promise<unknown>, two: () => Promise<unknown>) => Promise.all([one(), two()]);

  test('a profile that is given and deleted at once: one of both is refused', async () => {
    for (let index = 0; index < 15; index += 1) {
      await give('connect-domain');
      await create(acme);
      await round(
        () => give('acme'),
        () => call('DELETE', '/v1/profiles/acme'),
      );
      const has = (await api.request('GET', `/v1/tenants/${tenant.id}`, { key: api.adminKey })).body as unknown as {
        profile: string;
      };
      const listed = (await call('GET', '/v1/profiles')).body.data.some(({ name }) => name === 'acme');
      expect(listed).toBe(has.profile === 'acme');
    }
  });

  test('a profile that is given and replaced at once: what follows is built from the new version', async () => {
    await create(acme);
    const { name: _, ...parts } = acme;
    for (let index = 0; index < 15; index += 1) {
      await give('connect-domain');
      const envelope = [{ key: `v${index}`, from: 'data' }];
      await round(
        () => give('acme'),
        () => call('PUT', '/v1/profiles/acme', { ...parts, envelope }),
      );
      const event = await addEvent(api, tenant.key, { type: 'invoice.paid', data: { invoice: 'inv_1' } });
      expect(Object.keys((await payloadOf(event.id)) as object)).toEqual([`v${index}`]);
    }
  });

  test('a rotation to a key pair and a profile without those never both succeed', async () => {
    for (let index = 0; index < 15; index += 1) {
      const own = await api.tenant('standard-webhooks');
      const { id } = await addEndpoint(api, own.key);
      const [rotated, given] = await Promise.all([
        api.request('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, {
          key: own.key,
          body: { signature_algorithm: 'ed25519' },
        }),
        give('connect-domain', own.id),
      ]);
      expect([rotated.status, given.status].filter((status) => status === 200)).toHaveLength(1);
    }
  });

  test('an endpoint with its own secret and a profile that cannot use it never both succeed', async () => {
    for (let index = 0; index < 15; index += 1) {
      const own = await api.tenant();
      const url = 'http://127.0.0.1:9/hook';
      const [made, given] = await Promise.all([
        api.request('POST', '/v1/webhook-endpoints', {
          key: own.key,
          body: { url, events: [], secret: 'plain secret text' },
        }),
        give('svix', own.id),
      ]);
      expect(made.status === 201 && given.status === 200).toBe(false);
    }
  });
});

test('Another profile’s pair is another pair, for the same subject too', async () => {
  const pair = { types: ['invoice.paid', 'invoice.closed'], ended_by: 'invoice.open' };
  const [type] = acme.event_types;
  const types = [...pair.types, pair.ended_by].map((name) => ({ ...type, name }));
  expect((await create({ ...acme, event_types: types, pair })).status).toBe(201);
  await give('acme');
  await addEvent(api, tenant.key, { type: 'invoice.paid', jobId: 'J', data: { invoice: 'i' } });
  await give('connect-domain');
  const answer = await call('POST', '/v1/events', { type: 'ssl.issued', jobId: 'J', data: { hostname: 'a' } });
  expect([answer.body.type, answer.headers.has('idempotent-replayed')]).toEqual(['ssl.issued', false]);
});

test('States may be named like members that every object inherits', async () => {
  const states = ['start', 'constructor', 'valueOf'];
  const edges = [
    { from: 'start', to: 'constructor', events: [] },
    { from: 'constructor', to: 'valueOf', events: [] },
  ];
  const lifecycle = { name: 'odd', subject: '', states, edges, meters_first: [], meters_entering: {} };
  await create({ ...acme, lifecycles: [lifecycle] });
  await give('acme');
  for (const to of ['constructor', 'valueOf']) {
    expect((await call('POST', '/v1/lifecycles/odd/s/transitions', { to })).status).toBe(200);
  }
});

test('An own type that the profile has too is shown once, and can be deleted', async () => {
  await call('PUT', '/v1/event-types/webhook.test', { description: 'Mine.' });
  await give('standard-webhooks');
  const shown = (await call('GET', '/v1/event-types')).body.data.filter(({ name }) => name === 'webhook.test');
  expect(shown.map(({ source }) => source)).toEqual(['profile']);
  expect((await call('DELETE', '/v1/event-types/webhook.test')).status).toBe(204);
  expect((await call('DELETE', '/v1/event-types/webhook.test')).status).toBe(409);
});

describe('Giving a tenant another profile', () => {
  test('changes what new events send and how, never what was accepted', async () => {
    const endpoint = await addEndpoint(api, tenant.key);
    const old = await addEvent(api, tenant.key, { jobId: 'a' });
    const before = await payloadOf(old.id);
    expect((await give('standard-webhooks')).body.status).toBeUndefined();
    await call('PUT', '/v1/event-types/domain.verified', { description: 'kept' });
    const fresh = await addEvent(api, tenant.key, { jobId: 'a' });
    expect(Object.keys((await payloadOf(fresh.id)) as object)).toEqual(['type', 'timestamp', 'data']);
    expect(await payloadOf(old.id)).toEqual(before);
    const shown = await call('GET', `/v1/webhook-endpoints/${endpoint.id}`);
    expect(shown.body).toMatchObject({ profile: 'standard-webhooks' });
    const limits = await api.deps.database.delivery.findMany({
      where: { endpointId: decodeTypeId('endpoint', endpoint.id) ?? '' },
      select: { attemptLimit: true, event: { select: { profile: true, timeoutMs: true } } },
      orderBy: { id: 'desc' },
    });
    expect(limits).toEqual([
      { attemptLimit: 8, event: { profile: 'standard-webhooks', timeoutMs: 20_000 } },
      { attemptLimit: 6, event: { profile: 'connect-domain', timeoutMs: 5_000 } },
    ]);
  });

  test('a replay keeps the contract of its event', async () => {
    const endpoint = await addEndpoint(api, tenant.key);
    await addEvent(api, tenant.key);
    const { body } = await call('GET', `/v1/webhook-deliveries?endpoint_id=${endpoint.id}`);
    await give('cmr');
    const replay = await call('POST', `/v1/webhook-deliveries/${body.data[0].id}/replay`);
    expect(replay.status).toBe(202);
    const [old, fresh] = await Promise.all(
      [body.data[0].id, replay.body.id].map(
        async (id) => (await call('GET', `/v1/webhook-deliveries/${id}`)).body.payload,
      ),
    );
    expect(fresh).toBe(old);
  });

  test('409 while an endpoint has a secret that the profile cannot use, with what to do', async () => {
    const { id } = await addEndpoint(api, tenant.key, { secret: 'a secret of the customer' });
    const answer = await give('standard-webhooks');
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining(id)]);
    expect(answer.body.detail).toContain('rotate');
    await call('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, { overlap_seconds: 0 });
    expect((await give('standard-webhooks')).status).toBe(200);
  });

  test('409 while an endpoint has a key pair and the profile knows none, with what to do', async () => {
    await give('standard-webhooks');
    const { id } = await addEndpoint(api, tenant.key, { signature_algorithm: 'ed25519' });
    expect((await give('svix')).status).toBe(200);
    const answer = await give('connect-domain');
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining(id)]);
    expect(answer.body.detail).toContain('signature_algorithm hmac-sha256');
    const wish = { overlap_seconds: 0, signature_algorithm: 'hmac-sha256' };
    await call('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, wish);
    expect((await give('connect-domain')).status).toBe(200);
  });

  test('409 while a secret of plain text would be taken for a private key', async () => {
    const { id } = await addEndpoint(api, tenant.key, { secret: keyPairOf(Buffer.alloc(32, 1)).privateKey });
    expect([(await give('standard-webhooks')).body.detail]).toEqual([expect.stringContaining(id)]);
  });

  test('400 for a profile that is not there, another tenant’s included', async () => {
    const other = await api.tenant();
    await create(acme, other.key);
    for (const name of ['nothing', 'acme']) {
      const answer = await give(name);
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'profile']);
    }
  });
});

test('aggregate_version goes into the envelope where the profile sends one, and is refused where it does not', async () => {
  const event = { type: 'webhook.test', jobId: 'a', data: {}, aggregate_version: 7 };
  const quick = await api.tenant('tenant-quickstart');
  const posted = await call('POST', '/v1/events', event, quick.key);
  expect(posted.body).toMatchObject({ aggregate_version: 7 });
  const { body } = await call('GET', `/v1/events/${posted.body.id}`, undefined, quick.key);
  expect(JSON.parse(body.payload)).toMatchObject({ id: posted.body.id, aggregate_version: 7 });
  const { aggregate_version: _, ...without } = event;
  const plain = await call('POST', '/v1/events', without, quick.key);
  const shown = await call('GET', `/v1/events/${plain.body.id}`, undefined, quick.key);
  expect(Object.keys(JSON.parse(shown.body.payload) as object)).toEqual(['id', 'type', 'data', 'created_at']);
  const refused = await call('POST', '/v1/events', { ...event, type: 'domain.verified', data: { hostname: 'a' } });
  expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'aggregate_version']);
  expect((await call('POST', '/v1/events', { ...event, aggregate_version: -1 }, quick.key)).status).toBe(400);
});

test('A profile’s own schemas are enforced, and its slow ones slow its tenant alone', async () => {
  await create(acme);
  await give('acme');
  const wrong = await call('POST', '/v1/events', { type: 'invoice.paid', data: {} });
  expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'data.invoice']);
  expect((await call('POST', '/v1/events', { type: 'domain.verified', data: { hostname: 'a' } })).status).toBe(400);
});
