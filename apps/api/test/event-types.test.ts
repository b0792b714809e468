import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { addEndpoint, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
});
// One each: a tenant whose schemas are slow pays for it in what it does next.
beforeEach(async () => {
  tenant = await api.tenant();
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: unknown) => api.request(method, path, { key: tenant.key, body });
const put = (name: string, body: unknown) => call('PUT', `/v1/event-types/${name}`, body);
const post = (type: string, data: unknown) => call('POST', '/v1/events', { type, data });

test('the catalog comes first, then the tenant’s own by name, page by page', async () => {
  const own = await api.tenant();
  for (const name of ['b.type', 'a.type']) {
    await api.request('PUT', `/v1/event-types/${name}`, { key: own.key, body: { description: name } });
  }
  const names: string[] = [];
  let cursor = '';
  do {
    const { body } = await api.request('GET', `/v1/event-types?limit=2${cursor}`, { key: own.key });
    names.push(...body.data.map(({ name, source }: { name: string; source: string }) => `${source} ${name}`));
    cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
  } while (cursor);
  expect(names).toEqual([
    'profile domain.added',
    'profile domain.verified',
    'profile ssl.issued',
    'profile domain.flow.completed',
    'profile domain.drift',
    'tenant a.type',
    'tenant b.type',
  ]);
});

describe('PUT', () => {
  test('200 creates, and replaces', async () => {
    const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
    const answer = await put('order.paid', { description: 'Paid', schema, sample: { n: 1 } });
    expect([answer.status, answer.body]).toEqual([
      200,
      { name: 'order.paid', description: 'Paid', schema, sample: { n: 1 }, source: 'tenant', breaking_changes: [] },
    ]);
    expect((await post('order.paid', { n: 1, more: true })).status).toBe(202);
    const refused = await post('order.paid', { n: 'x' });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'data.n']);
    await put('order.paid', { description: 'Paid' });
    expect((await post('order.paid', 'any JSON at all')).status).toBe(202);
  });

  test('at once it is created once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put('at.once', { description: 'x' })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test.each([
    ['x', {}, 'description'],
    ['x', { description: 'd', schema: 'text' }, 'schema'],
    ['x', { description: 'd', schema: { type: 'nope' } }, 'schema'],
    ['x', { description: 'd', schema: { $ref: 'https://example.com/other.json' } }, 'schema'],
    ['x', { description: 'd', schema: { $ref: '#/$defs/none' } }, 'schema'],
    ['x', { description: 'd', schema: { pattern: '(' } }, 'schema'],
    ['x', { description: 'd', schema: { description: 'x'.repeat(70_000) } }, 'schema'],
    ['x', { description: 'd', schema: { type: 'object', required: ['a'] }, sample: {} }, 'sample.a'],
    ['sp%20ace', { description: 'd' }, 'name'],
    ['x'.repeat(129), { description: 'd' }, 'name'],
  ])('400 for %s %j names %s', async (name, body, path) => {
    const answer = await put(name, body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });

  test('a pattern that backtracks without end costs its own request alone', async () => {
    expect((await put('slow.type', { description: 'd', schema: { pattern: '^(a+)+$' } })).status).toBe(200);
    const started = Date.now();
    const answer = await post('slow.type', `${'a'.repeat(60)}!`);
    expect(answer.status).toBe(400);
    expect(Date.now() - started).toBeLessThan(1_000);
  });

  test.each([[{ $async: true, required: ['q'] }], [{ type: 'object', properties: { a: { $async: true } } }]])(
    '400 for %j, whose check would answer after the request; the process lives on',
    async (schema) => {
      const answer = await put('async.type', { description: 'd', schema, sample: {} });
      expect([answer.status, answer.body.errors[0]]).toEqual([400, { path: 'schema', message: 'must not use $async' }]);
      expect((await api.request('GET', '/livez')).status).toBe(200);
    },
  );

  test('a schema that refers to itself without end refuses data, and is no internal error', async () => {
    expect((await put('endless.type', { description: 'd', schema: { $ref: '#' } })).status).toBe(200);
    const answer = await post('endless.type', {});
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'data']);
    const sampled = { description: 'd', schema: { anyOf: [{ $ref: '#' }, { type: 'string' }] }, sample: 'text' };
    expect((await put('endless.sampled', sampled)).status).toBe(400);
  });

  test('names that every object inherits are required and judged like any other', async () => {
    const required = ['constructor', 'toString', 'hasOwnProperty'];
    await put('inherited.type', { description: 'd', schema: { type: 'object', required } });
    expect((await post('inherited.type', {})).body.errors.map(({ path }) => path)).toEqual(
      required.map((name) => `data.${name}`),
    );
    const properties = { constructor: { type: 'string' } };
    await put('inherited.optional', { description: 'd', schema: { type: 'object', properties } });
    expect((await post('inherited.optional', {})).status).toBe(202);
  });

  test('sixty of them in a batch stop at 429, and nobody else waits', async () => {
    const own = await api.tenant();
    const pattern = { description: 'd', schema: { pattern: '^(b+)+$' } };
    await api.request('PUT', '/v1/event-types/slow.batch', { key: own.key, body: pattern });
    const events = Array.from({ length: 60 }, () => ({ type: 'slow.batch', data: `${'b'.repeat(60)}!` }));
    const started = Date.now();
    const answer = await api.request('POST', '/v1/events/batch', { key: own.key, body: { events } });
    expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Date.now() - started).toBeLessThan(2_000);
    // Types without such a schema, and other tenants, go on.
    const plain = { type: 'domain.verified', data: { hostname: 'a' } };
    for (const key of [own.key, tenant.key]) {
      expect((await api.request('POST', '/v1/events', { key, body: plain })).status).toBe(202);
    }
    // It comes back with time.
    const single = { type: 'slow.batch', data: 'bbb' };
    await eventually(async () => {
      expect((await api.request('POST', '/v1/events', { key: own.key, body: single })).status).toBe(202);
    });
  });

  test('a schema may use $id and $ref of its own, and two tenants the same $id', async () => {
    const schema = (type: string) => ({ $id: 'https://acme.example/s', $ref: '#/$defs/t', $defs: { t: { type } } });
    const other = await api.tenant();
    await put('ref.type', { description: 'd', schema: schema('string') });
    await api.request('PUT', '/v1/event-types/ref.type', {
      key: other.key,
      body: { description: 'd', schema: schema('number') },
    });
    expect((await post('ref.type', 'text')).status).toBe(202);
    expect(
      (await api.request('POST', '/v1/events', { key: other.key, body: { type: 'ref.type', data: 5 } })).status,
    ).toBe(202);
    expect((await post('ref.type', 5)).status).toBe(400);
  });
});

describe('PUT of a schema that would break the one before', () => {
  const closed = (...names: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    additionalProperties: false,
  });
  const replace = (name: string, schema: unknown, more: object = {}) =>
    put(name, { description: 'd', schema, ...more });
  const schemaOf = async (name: string) => {
    const { body } = await call('GET', '/v1/event-types?limit=200');
    return body.data.find((type) => type.name === name)?.schema;
  };
  const stricter = { ...closed('a'), required: ['a'] };

  test('200 tells what breaks senders and what breaks receivers, and an event proves it', async () => {
    expect((await replace('told.type', closed('a'))).body.breaking_changes).toEqual([]);
    expect((await post('told.type', {})).status).toBe(202);
    const narrowed = await replace('told.type', stricter);
    expect([narrowed.status, narrowed.body.breaking_changes]).toEqual([
      200,
      [{ path: 'data.a', change: 'is now required', breaks: 'senders' }],
    ]);
    expect((await post('told.type', {})).status).toBe(400);
    expect((await replace('told.type', closed('a'))).body.breaking_changes).toEqual([
      { path: 'data.a', change: 'is no longer required', breaks: 'receivers' },
    ]);
    expect(await schemaOf('told.type')).toEqual(closed('a'));
  });

  test('200 tells of a first schema, and of a last one', async () => {
    await put('bare.type', { description: 'd' });
    const first = await replace('bare.type', { type: ['object', 'null'] });
    expect(first.body.breaking_changes).toEqual([
      { path: 'data', change: expect.stringContaining('is no longer accepted as'), breaks: 'senders' },
    ]);
    expect((await put('bare.type', { description: 'd' })).body.breaking_changes).toEqual([
      { path: 'data', change: expect.stringContaining('may now be of type'), breaks: 'receivers' },
    ]);
  });

  test('409 with if_compatible names the changes, and nothing is stored', async () => {
    await replace('kept.type', closed('a'));
    const refused = await replace('kept.type', stricter, { if_compatible: true, description: 'changed' });
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain('data.a is now required (senders)');
    const many = Array.from({ length: 50 }, (_, index) => `f${index}`);
    const { body } = await replace('kept.type', { required: many }, { if_compatible: true });
    expect(body.detail).toMatch(/; and \d+ more\.$/);
    expect(await schemaOf('kept.type')).toEqual(closed('a'));
  });

  test('200 with if_compatible for a new type, for one that grows, and for another description', async () => {
    const statuses: number[] = [];
    for (const schema of [closed('a'), closed('a', 'b'), { ...closed('b', 'a'), title: 'Both' }]) {
      statuses.push((await replace('grown.type', schema, { if_compatible: true })).status);
    }
    expect(statuses).toEqual([200, 200, 200]);
  });

  test('of two at once with if_compatible that break each other only one is stored', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = `raced.type${round}`;
      // Half of the rounds race for a type that is there, half for a new one.
      if (round % 2 === 0) await replace(name, closed());
      const fields = ['a', 'b', 'c', 'd'];
      const answers = await Promise.all(fields.map((field) => replace(name, closed(field), { if_compatible: true })));
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
      const winner = answers.find(({ status }) => status === 200);
      expect(await schemaOf(name)).toEqual(winner?.body.schema);
    }
  });
});

test('409 for the profile’s own types', async () => {
  expect((await put('ssl.issued', { description: 'mine' })).status).toBe(409);
  expect((await call('DELETE', '/v1/event-types/ssl.issued')).status).toBe(409);
});

test('204 deletes, 404 afterwards; endpoints may subscribe to it as long as it is there', async () => {
  await put('gone.type', { description: 'd' });
  await addEndpoint(api, tenant.key, { events: ['gone.type'] });
  expect((await call('DELETE', '/v1/event-types/gone.type')).status).toBe(204);
  expect((await call('DELETE', '/v1/event-types/gone.type')).status).toBe(404);
  expect((await call('DELETE', '/v1/event-types/%00')).status).toBe(404);
  expect((await post('gone.type', {})).status).toBe(400);
});

test('a test event sends the type’s own sample, digit by digit', async () => {
  const raw = '{"description":"d","sample":{"price": 1.10}}';
  await api.request('PUT', '/v1/event-types/priced', { key: tenant.key, raw });
  const { id } = await addEndpoint(api, tenant.key, { events: ['priced'] });
  const { body } = await call('POST', `/v1/webhook-endpoints/${id}/test`);
  expect((await call('GET', `/v1/events/${body.id}`)).body.payload).toContain('"data":{"price":1.10}');
});

test('An ordinary schema of a tenant’s own costs it nothing: fifteen thousand events in a row are accepted', async () => {
  const own = await api.tenant();
  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
  const counted = { key: own.key, body: { description: 'Counted.', schema } };
  expect((await api.request('PUT', '/v1/event-types/counted', counted)).status).toBe(200);
  const events = Array.from({ length: 1_000 }, (_, n) => ({ type: 'counted', data: { n } }));
  for (let batch = 0; batch < 15; batch += 1) {
    expect((await api.request('POST', '/v1/events/batch', { key: own.key, body: { events } })).status).toBe(202);
  }
  const last = { type: 'counted', data: { n: 'x' } };
  const refused = await api.request('POST', '/v1/events/batch', {
    key: own.key,
    body: { events: [...events.slice(1), last] },
  });
  expect(refused.body.errors).toEqual([{ path: 'events.999.data.n', message: 'must be integer' }]);
});
