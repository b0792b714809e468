import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { addKey, startApi, type TestApi, unknownId } from './start-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const post = (body: unknown, key = api.adminKey) => api.request('POST', '/v1/tenants', { key, body });

describe('POST /v1/tenants', () => {
  test('201 gives a key with every tenant scope, once', async () => {
    const answer = await post({ name: 'Acme' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^ten_/),
      name: 'Acme',
      profile: 'connect-domain',
      email: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      api_key: expect.stringMatching(/^ph_[0-9a-z]{26}_[\w-]{43}[0-9a-z]{7}$/),
    });
    const read = await api.request('GET', `/v1/tenants/${answer.body.id}`, { key: api.adminKey });
    expect(read.text).not.toContain(answer.body.api_key);
    const keys = await api.request('GET', `/v1/tenants/${answer.body.id}/api-keys`, { key: api.adminKey });
    expect(keys.body.data[0].scopes).toContain('webhooks:write');
    expect(keys.text).not.toContain(answer.body.api_key);
  });

  test.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 5 }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: '\ud800' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'x', profile: 'nope' }, 'profile'],
    [{ name: 'x', email: 'nope' }, 'email'],
    [{ name: 'x', colour: 'red' }, 'colour'],
  ])('400 for %j names %s', async (body, path) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toEqual([path]);
  });

  test('a name of 200 emoji fits: characters are counted, not code units', async () => {
    expect((await post({ name: '🦊'.repeat(200) })).status).toBe(201);
    expect((await post({ name: '🦊'.repeat(201) })).status).toBe(400);
  });

  test('401 without a key, 403 with a tenant’s key', async () => {
    expect((await api.request('POST', '/v1/tenants', { body: { name: 'x' } })).status).toBe(401);
    const { key } = await api.tenant();
    expect((await post({ name: 'x' }, key)).status).toBe(403);
  });
});

describe('GET and PATCH /v1/tenants', () => {
  test('200 pages through all, newest first, without a gap', async () => {
    const made = [];
    for (let index = 0; index < 5; index += 1) made.push((await api.tenant()).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const { body } = await api.request('GET', `/v1/tenants?limit=2${query}`, { key: api.adminKey });
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    } while (cursor);
    expect(seen.slice(0, 5)).toEqual(made.reverse());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('200 changes name and email, and email back to null', async () => {
    const { id } = await api.tenant();
    const patch = (body: object) => api.request('PATCH', `/v1/tenants/${id}`, { key: api.adminKey, body });
    expect((await patch({ name: 'New', email: 'ops@acme.example' })).body).toMatchObject({
      name: 'New',
      email: 'ops@acme.example',
    });
    expect((await patch({ email: null })).body).toMatchObject({ name: 'New', email: null });
  });

  test.each([unknownId('ten'), 'ten_short', 'ep_01h455vb4pex5vsknk084sn02q', '%ff'])('404 for %s', async (id) => {
    expect((await api.request('GET', `/v1/tenants/${id}`, { key: api.adminKey })).status).toBe(404);
    expect((await api.request('PATCH', `/v1/tenants/${id}`, { key: api.adminKey, body: {} })).status).toBe(404);
    expect((await api.request('GET', `/v1/tenants/${id}/api-keys`, { key: api.adminKey })).status).toBe(404);
  });
});

describe('API keys', () => {
  test('201 gives the key once, with the scopes asked for', async () => {
    const { id } = await api.tenant();
    const key = await addKey(api, id, ['events:write']);
    expect(key).toMatchObject({ id: expect.stringMatching(/^key_/), name: 'narrow', scopes: ['events:write'] });
    expect(key.api_key.startsWith(key.prefix)).toBe(true);
    const list = await api.request('GET', `/v1/tenants/${id}/api-keys`, { key: api.adminKey });
    expect(list.body.data.map((row: { name: string }) => row.name)).toEqual(['narrow', 'default']);
    expect(list.text).not.toContain(key.api_key);
  });

  test.each([
    [{ name: 'x' }, 'scopes'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['apps:admin'] }, 'scopes.0'],
    [{ scopes: ['events:write'] }, 'name'],
    [{ name: 'x', scopes: ['events:write'], expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ name: 'x', scopes: ['events:write'], expires_at: 'tomorrow' }, 'expires_at'],
  ])('400 for %j names %s', async (body, path) => {
    const { id } = await api.tenant();
    const answer = await api.request('POST', `/v1/tenants/${id}/api-keys`, { key: api.adminKey, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].path).toBe(path);
  });

  test('a revoked key is refused from the next request on, also in another process', async () => {
    const { id } = await api.tenant();
    const key = await addKey(api, id, ['webhooks:read']);
    const other = await startApi({ databaseUrl: api.databaseUrl });
    const read = (from: TestApi) => from.request('GET', '/v1/events', { key: key.api_key });
    expect([(await read(api)).status, (await read(other)).status]).toEqual([200, 200]);
    const revoke = () => api.request('DELETE', `/v1/tenants/${id}/api-keys/${key.id}`, { key: api.adminKey });
    expect((await revoke()).status).toBe(204);
    expect([(await read(api)).status, (await read(other)).status]).toEqual([401, 401]);
    expect((await revoke()).status).toBe(404);
    await other.close();
  });

  test('a key with an end is shown with it, and refused from then on', async () => {
    const { id } = await api.tenant();
    const path = `/v1/tenants/${id}/api-keys`;
    const expires = new Date(Date.now() + 3_600_000);
    const body = { name: 'for today', scopes: ['webhooks:read'], expires_at: expires.toISOString() };
    const { api_key: key, ...shown } = (await api.request('POST', path, { key: api.adminKey, body })).body;
    expect(shown).toMatchObject({ expires_at: expires.toISOString() });
    const read = async () => (await api.request('GET', '/v1/events', { key })).status;
    expect(await read()).toBe(200);
    const { data } = (await api.request('GET', path, { key: api.adminKey })).body;
    expect(data).toMatchObject([{ id: shown.id, expires_at: expires.toISOString() }, { expires_at: null }]);
    await runSql(api.databaseUrl, 'UPDATE api_keys SET expires_at = now() WHERE expires_at IS NOT NULL');
    expect(await read()).toBe(401);
  });

  test('404 when the key is another tenant’s', async () => {
    const [mine, other] = [await api.tenant(), await api.tenant()];
    const key = await addKey(api, other.id, ['webhooks:read']);
    const path = `/v1/tenants/${mine.id}/api-keys/${key.id}`;
    expect((await api.request('DELETE', path, { key: api.adminKey })).status).toBe(404);
    expect((await api.request('GET', '/v1/events', { key: key.api_key })).status).toBe(200);
  });

  test('last_used_at is written after use', async () => {
    const { id, key } = await api.tenant();
    await api.request('GET', '/v1/events', { key });
    await eventually(async () => {
      const { body } = await api.request('GET', `/v1/tenants/${id}/api-keys`, { key: api.adminKey });
      expect(Date.now() - Date.parse(body.data[0].last_used_at)).toBeLessThan(60_000);
    });
  });
});
