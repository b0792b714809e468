import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { runSql } from '@posthorn/testkit/run-sql';
import { addKey, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
/** Another process; what changes, changes there. */
let other: TestApi;
let tenant: TestTenant;
let key: { readonly id: string; readonly api_key: string };

beforeAll(async () => {
  api = await startApi();
  other = await startApi({ databaseUrl: api.databaseUrl });
});
afterAll(() => Promise.all([api.close(), other.close()]));
beforeEach(async () => {
  tenant = await api.tenant();
  key = await addKey(api, tenant.id, ['events:write']);
  expect((await post()).status).toBe(202);
});

const event = (fields: object = {}) => ({ type: 'domain.verified', data: { hostname: 'a.example' }, ...fields });
const send = (body: object, path = '/v1/events', headers: Record<string, string> = {}) =>
  api.request('POST', path, { key: key.api_key, body, headers });
const post = () => send(event());
const byOperator = async (method: string, path: string, body?: object): Promise<void> => {
  const answer = await other.request(method, `/v1/tenants/${tenant.id}${path}`, { key: other.adminKey, body });
  expect(answer.status).toBeLessThan(300);
};
const revoke = () => byOperator('DELETE', `/api-keys/${key.id}`);
const stored = async (): Promise<number> => {
  const [row] = await runSql<{ count: number }>(
    api.databaseUrl,
    'SELECT count(*)::int AS count FROM events WHERE tenant_id = $1',
    [decodeTypeId('tenant', tenant.id)],
  );
  return row?.count ?? Number.NaN;
};
const metered = async () => {
  const { body } = await api.request('GET', '/v1/usage', { key: tenant.key });
  return body.data.at(-1)?.count;
};

describe('A key that was used before', () => {
  test.each([
    ['an event', () => post()],
    ['a batch', () => send({ events: [event(), event()] }, '/v1/events/batch')],
    ['an event with an idempotency key', () => send(event(), '/v1/events', { 'idempotency-key': 'new' })],
    ['what is refused anyway', () => send({ type: 7 })],
    ['what has no readable body', () => api.request('POST', '/v1/events', { key: key.api_key, raw: '{' })],
    ['a type that is unknown', () => send(event({ type: 'no.such' }))],
  ])('and was revoked by another process posts nothing from the next request on: %s', async (_, again) => {
    const before = await metered();
    await revoke();
    const answer = await again();
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized']);
    expect((await again()).status).toBe(401);
    expect(await stored()).toBe(1);
    expect(await metered()).toBe(before);
  });

  test('is not answered with what is stored, once it is revoked', async () => {
    const repeat = () => send(event(), '/v1/events', { 'idempotency-key': 'same' });
    expect([(await repeat()).status, (await repeat()).status]).toEqual([202, 202]);
    await revoke();
    expect((await repeat()).status).toBe(401);
  });

  test('whose end has come is refused', async () => {
    await runSql(api.databaseUrl, `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      decodeTypeId('apiKey', key.id),
    ]);
    expect((await post()).status).toBe(401);
    expect(await stored()).toBe(1);
  });

  test('whose scopes have changed is judged by the new ones', async () => {
    await runSql(api.databaseUrl, `UPDATE api_keys SET scopes = '{webhooks:read}' WHERE id = $1`, [
      decodeTypeId('apiKey', key.id),
    ]);
    expect((await post()).status).toBe(403);
    expect(await stored()).toBe(1);
  });

  test('posts under the profile that its tenant has now', async () => {
    await byOperator('PATCH', '', { profile: 'cmr' });
    const answer = await post();
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'type']);
    expect(await stored()).toBe(1);
    await byOperator('PATCH', '', { profile: 'connect-domain' });
    expect((await post()).status).toBe(202);
  });

  test('posts under a quota that was set meanwhile, and without one that was taken off', async () => {
    await byOperator('PATCH', '', { quotas: { events_per_month: 2 } });
    expect([(await post()).status, (await post()).status]).toEqual([202, 402]);
    await byOperator('PATCH', '', { quotas: { events_per_month: null } });
    expect((await post()).status).toBe(202);
    expect(await stored()).toBe(3);
  });

  test('and is not good any more takes nothing from those whose events share its statement', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => api.tenant()));
    await revoke();
    const posts = Array.from({ length: 40 }, (_, index) => {
      const each = index % 5 === 0 ? key.api_key : (tenants[index % 4] as TestTenant).key;
      return api.request('POST', '/v1/events', { key: each, body: event() });
    });
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map((_, index) => (index % 5 === 0 ? 401 : 202)));
    expect(await stored()).toBe(1);
  });

  test('and then tried with another secret is looked up, and refused', async () => {
    const { key: wrong } = await api.tenant();
    const forged = `${key.api_key.slice(0, 29)}${wrong.slice(29)}`;
    expect((await api.request('POST', '/v1/events', { key: forged, body: event() })).status).toBe(401);
  });
});

test('a key that is known costs no look at the keys, for an event as for a batch', async () => {
  const looks: string[] = [];
  const { findLiveKey } = api.deps;
  const counted = (id: string) => {
    looks.push(id);
    return findLiveKey(id);
  };
  Object.assign(api.deps, { findLiveKey: counted });
  expect([(await post()).status, (await send({ events: [event()] }, '/v1/events/batch')).status]).toEqual([202, 202]);
  expect(looks).toEqual([]);
  // What is refused is looked at again, so the count counts.
  expect((await send({ type: 7 })).status).toBe(400);
  expect(looks).toHaveLength(1);
  Object.assign(api.deps, { findLiveKey });
});
