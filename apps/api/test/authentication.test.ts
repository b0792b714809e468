import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@posthorn/runtime/new-id';
import { keyIdOf, makeApiKey } from '../src/http/api-key.ts';
import { routeTable } from '../src/routes/route-table.ts';
import { openClient } from './send-request.ts';
import { addKey, startApi, type TestApi, unknownId } from './start-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const guarded = routeTable.filter(({ access }) => access !== 'public');
const pathOf = (path: string) => path.replaceAll(/\{\w+\}/g, 'x');

describe('401', () => {
  test.each(guarded.map((route) => [route.operationId, route] as const))(
    '%s wants a key',
    async (_, { method, path }) => {
      const answer = await api.request(method.toUpperCase(), pathOf(path));
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    },
  );

  test('every cause reads the same', async () => {
    const { key } = await api.tenant();
    const last = key.at(-1) === 'A' ? 'B' : 'A';
    const headers = [
      {},
      { authorization: '' },
      { authorization: 'Basic abc' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer ${key}x` },
      { authorization: `Bearer ${key.slice(0, -2)}${last}${last}` },
      { authorization: `Bearer ${unknownId('ph')}_${'a'.repeat(43)}` },
      { authorization: `Bearer ${makeApiKey(keyIdOf(key) ?? '').key}` },
      { authorization: `Bearer ${makeApiKey(newId()).key}` },
    ];
    const answers = await Promise.all(headers.map((header) => api.request('GET', '/v1/events', { headers: header })));
    const texts = answers.map(({ body }) => JSON.stringify({ ...body, ref: '' }));
    expect(new Set(texts).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(headers.map(() => 401));
  });

  test('a mistyped key is known by its checksum, and a real one by its parts', async () => {
    const { key } = await api.tenant();
    expect(keyIdOf(key)).not.toBeNull();
    for (let at = 0; at < key.length; at += 1) {
      const typo = `${key.slice(0, at)}${key[at] === 'x' ? 'y' : 'x'}${key.slice(at + 1)}`;
      expect([at, keyIdOf(typo)]).toEqual([at, null]);
    }
  });

  test('comes before the body is looked at', async () => {
    const answer = await api.request('POST', '/v1/events', {
      raw: '{broken',
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(401);
  });
});

describe('403', () => {
  const scoped = guarded.filter(({ scope }) => scope !== null);
  test.each(scoped.map((route) => [route.operationId, route] as const))(
    '%s wants its scope',
    async (_, { method, path, scope }) => {
      const { id } = await api.tenant();
      const { api_key: key } = await addKey(api, id, [scope === 'usage:read' ? 'webhooks:write' : 'usage:read']);
      const answer = await api.request(method.toUpperCase(), pathOf(path), { key });
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
      if (scope !== 'apps:admin') expect(answer.body.detail).toContain(String(scope));
    },
  );

  test('write includes read, read does not include write', async () => {
    const { id } = await api.tenant();
    const { api_key: writer } = await addKey(api, id, ['webhooks:write']);
    const { api_key: reader } = await addKey(api, id, ['webhooks:read']);
    expect((await api.request('GET', '/v1/webhook-endpoints', { key: writer })).status).toBe(200);
    expect((await api.request('POST', '/v1/webhook-endpoints', { key: reader, body: {} })).status).toBe(403);
    expect((await api.request('POST', '/v1/events', { key: writer, body: {} })).status).toBe(403);
  });

  test('a tenant may name itself, and nobody else, in X-Tenant-Id', async () => {
    const [mine, other] = [await api.tenant(), await api.tenant()];
    const as = (tenant: string) =>
      api.request('GET', '/v1/events', { key: mine.key, headers: { 'x-tenant-id': tenant } });
    expect((await as(mine.id)).status).toBe(200);
    expect((await as(other.id)).status).toBe(403);
    expect((await as('nonsense')).status).toBe(403);
  });
});

describe('the operator', () => {
  const asOperator = (method: string, path: string, tenant?: string) =>
    api.request(method, path, { key: api.adminKey, headers: tenant ? { 'x-tenant-id': tenant } : {} });

  test('acts as a tenant with X-Tenant-Id', async () => {
    const { id, key } = await api.tenant();
    await api.request('PUT', '/v1/event-types/own.type', { key, body: { description: 'x' } });
    expect((await asOperator('GET', '/v1/event-types', id)).text).toContain('own.type');
  });

  test('404 for a tenant that does not exist or is malformed', async () => {
    for (const tenant of [unknownId('ten'), 'ten_x']) {
      const { status, body } = await asOperator('GET', '/v1/events', tenant);
      expect([status, body.detail]).toEqual([404, 'X-Tenant-Id names no tenant.']);
    }
  });

  test('400 names X-Tenant-Id on every tenant route without it', async () => {
    for (const { method, path, access } of guarded) {
      if (access !== 'tenant') continue;
      const answer = await asOperator(method.toUpperCase(), pathOf(path));
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, 'X-Tenant-Id']);
    }
  });

  test('200 for ledger and profiles without a tenant', async () => {
    expect((await asOperator('GET', '/v1/ledger')).status).toBe(200);
    expect((await asOperator('GET', '/v1/profiles')).status).toBe(200);
  });
});

test('each request of a connection is judged by the key that it has itself, and as that is now', async () => {
  const [one, other] = [await api.tenant(), await api.tenant()];
  for (const { key } of [one, other])
    await api.request('PUT', '/v1/event-types/own.type', { key, body: { description: key } });
  const { id, api_key: revoked } = await addKey(api, one.id, ['webhooks:read']);
  const client = openClient(api.url, 5_000);
  // One after the other, so they share a connection.
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const { status, text } = await client.send({ method: 'GET', path: '/v1/event-types', headers, body: undefined });
    return [status, text.includes(one.key), text.includes(other.key)];
  };
  const [ofOne, ofOther, ofNobody] = [
    [200, true, false],
    [200, false, true],
    [401, false, false],
  ];
  try {
    for (const [authorization, expected] of [
      [`Bearer ${one.key}`, ofOne],
      [`Bearer ${one.key}`, ofOne],
      [`Bearer ${other.key}`, ofOther],
      [`Bearer ${one.key}x`, ofNobody],
      [undefined, ofNobody],
      [`Bearer${' '.repeat(2_000)}${other.key}`, ofOther],
      [`Bearer ${revoked}`, ofOne],
    ] as const)
      expect([authorization, await ask(authorization)]).toEqual([authorization, expected]);
    await api.request('DELETE', `/v1/tenants/${one.id}/api-keys/${id}`, { key: api.adminKey });
    expect([await ask(`Bearer ${revoked}`), await ask(`Bearer ${one.key}`)]).toEqual([ofNobody, ofOne]);
  } finally {
    client.close();
  }
});
