import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Session } from '@posthorn/http-api/session';
import { runSql } from '@posthorn/testkit/run-sql';
import { addKey, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  tenant = await api.tenant();
});
afterAll(() => api.close());

interface SignedIn {
  readonly cookie: string;
  readonly setCookie: string;
  readonly session: Session;
}

async function signIn(key: string, headers: Record<string, string> = {}): Promise<SignedIn> {
  const answer = await api.request('POST', '/v1/session', { body: { api_key: key }, headers });
  expect(answer.status).toBe(201);
  const setCookie = answer.headers.get('set-cookie') ?? '';
  return { setCookie, cookie: setCookie.split(';')[0] ?? '', session: answer.body as unknown as Session };
}
const withSession = ({ cookie, session }: SignedIn) => ({ cookie, 'x-csrf-token': session.csrf_token ?? '' });
const register = (headers: Record<string, string>) =>
  api.request('POST', '/v1/webhook-endpoints', { headers, body: { url: 'http://127.0.0.1:9/hook', events: [] } });
const read = (headers: Record<string, string>) => api.request('GET', '/v1/webhook-endpoints', { headers });

describe('Signing in', () => {
  test('another cookie of the name, put before it by whoever shares the host, does not sign out', async () => {
    const { cookie } = await signIn(tenant.key);
    expect((await read({ cookie: `posthorn_session=zzz; ${cookie}` })).status).toBe(200);
  });

  test.each(['cross-site', 'same-site'])('a page of another origin (%s) signs nobody in', async (from) => {
    const body = { api_key: tenant.key };
    const answer = await api.request('POST', '/v1/session', { body, headers: { 'sec-fetch-site': from } });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
    expect((await signIn(tenant.key, { 'sec-fetch-site': 'same-origin' })).cookie).not.toBe('');
  });

  test('sets a cookie that no script reads and no other site sends, and which is not the key', async () => {
    const { setCookie, session } = await signIn(tenant.key);
    expect(setCookie).toMatch(
      /^posthorn_session=[0-9a-f-]{36}\.[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    expect(setCookie).not.toContain(tenant.key.split('_')[1]);
    expect(session).toMatchObject({
      kind: 'tenant',
      tenant_id: tenant.id,
      tenant_name: 'Acme',
      profile: 'connect-domain',
    });
    expect(session.scopes).toContain('webhooks:write');
  });

  test('the cookie goes over HTTPS alone where the browser came by HTTPS, as a trusted proxy says', async () => {
    const { parseCidrs } = await import('@posthorn/domain/egress/parse-cidrs');
    const parsed = parseCidrs('127.0.0.0/8');
    if (!parsed.ok) throw new Error('not networks');
    const proxied = await startApi({ trustedProxies: parsed.list });
    const post = (headers: Record<string, string>) =>
      proxied.request('POST', '/v1/session', { body: { api_key: proxied.adminKey }, headers });
    const https = { 'x-forwarded-proto': 'https' };
    const made = (await post(https)).headers.get('set-cookie') ?? '';
    expect(made).toMatch(/^__Host-posthorn_session=.*; Path=\/; .*; Secure$/);
    const [cookie = ''] = made.split(';');
    const statusOf = async (headers: Record<string, string>) =>
      (await proxied.request('GET', '/v1/session', { headers })).status;
    expect(await statusOf({ ...https, cookie })).toBe(200);
    // One of that value that any neighbour could have set counts for nothing by HTTPS.
    expect(await statusOf({ ...https, cookie: cookie.replace('__Host-', '') })).toBe(204);
    expect((await post({})).headers.get('set-cookie')).not.toMatch(/Secure/);
    await proxied.close();
  });

  test.each(['', 'ph_nonsense', 'x'.repeat(600)])(
    'with what is no key (%#) is refused, and sets no cookie',
    async (key) => {
      const answer = await api.request('POST', '/v1/session', { body: { api_key: key } });
      expect(answer.status).toBe(key === 'ph_nonsense' ? 401 : 400);
      expect(answer.headers.get('set-cookie')).toBeNull();
    },
  );

  test('with a body that is larger than any key is refused unread', async () => {
    const answer = await api.request('POST', '/v1/session', { raw: `{"api_key":"${'x'.repeat(5_000)}"}` });
    expect(answer.status).toBe(413);
  });

  test('needs JSON, which a form of another site cannot send', async () => {
    const answer = await api.request('POST', '/v1/session', {
      raw: `api_key=${tenant.key}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
  });

  test('stores nothing that would let a reader of the database in', async () => {
    const { cookie } = await signIn(tenant.key);
    const [id, secret] = cookie.replace('posthorn_session=', '').split('.');
    const rows = await runSql(api.databaseUrl, `SELECT c::text AS text FROM console_sessions c WHERE id = '${id}'`);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

describe('Who asks who they are', () => {
  test('is told that nobody is signed in without any key or session, and with a session that is over', async () => {
    expect((await api.request('GET', '/v1/session')).status).toBe(204);
    const mine = await signIn(tenant.key);
    await api.request('DELETE', '/v1/session', { headers: withSession(mine) });
    expect((await api.request('GET', '/v1/session', { headers: { cookie: mine.cookie } })).status).toBe(204);
    expect((await api.request('GET', '/v1/session', { key: 'ph_wrong' })).status).toBe(401);
  });

  test('is told the same as at the sign-in', async () => {
    const mine = await signIn(tenant.key);
    const answer = await api.request('GET', '/v1/session', { headers: { cookie: mine.cookie } });
    expect([answer.status, answer.body, answer.headers.get('cache-control')]).toEqual([200, mine.session, 'no-store']);
  });
});

describe('A session', () => {
  test('may do what its key may, and no more', async () => {
    const narrow = await addKey(api, tenant.id, ['webhooks:read']);
    const headers = withSession(await signIn(narrow.api_key));
    expect((await read(headers)).status).toBe(200);
    expect((await register(headers)).status).toBe(403);
    expect((await register(withSession(await signIn(tenant.key)))).status).toBe(201);
  });

  test('changes nothing without its token, whatever token is sent instead', async () => {
    const mine = await signIn(tenant.key);
    const another = await signIn(tenant.key);
    for (const token of [undefined, '', 'wrong', another.session.csrf_token ?? '']) {
      const refused = await register({ cookie: mine.cookie, ...(token !== undefined && { 'x-csrf-token': token }) });
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    }
    expect((await register(withSession(mine))).status).toBe(201);
  });

  test('is over for good once it was signed out of', async () => {
    const mine = await signIn(tenant.key);
    const answer = await api.request('DELETE', '/v1/session', { headers: withSession(mine) });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204,
      'posthorn_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    ]);
    expect((await read(withSession(mine))).status).toBe(401);
  });

  test('ends with its key, at once', async () => {
    const key = await addKey(api, tenant.id, ['webhooks:read']);
    const headers = withSession(await signIn(key.api_key));
    expect((await read(headers)).status).toBe(200);
    await api.request('DELETE', `/v1/tenants/${tenant.id}/api-keys/${key.id}`, { key: api.adminKey });
    expect((await read(headers)).status).toBe(401);
  });

  test('ends by itself, by the database’s clock', async () => {
    const mine = await signIn(tenant.key);
    await runSql(api.databaseUrl, `UPDATE console_sessions SET expires_at = now() WHERE expires_at > now()`);
    expect((await read(withSession(mine))).status).toBe(401);
  });

  test('of the operator acts as a tenant that it names, and ends when the operator’s key is another one', async () => {
    const headers = withSession(await signIn(api.adminKey));
    expect((await api.request('GET', '/v1/tenants', { headers })).status).toBe(200);
    expect((await register({ ...headers, 'x-tenant-id': tenant.id })).status).toBe(201);
    const restarted = await startApi({
      databaseUrl: api.databaseUrl,
      adminApiKey: 'another-operators-key-0123456789abcdef',
    });
    expect((await restarted.request('GET', '/v1/tenants', { headers })).status).toBe(401);
    await restarted.close();
  });

  test('of a tenant names no other one', async () => {
    const other = await api.tenant();
    const headers = withSession(await signIn(tenant.key));
    expect((await read({ ...headers, 'x-tenant-id': other.id })).status).toBe(403);
  });

  test.each([
    ['another secret', (cookie: string) => cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['another id', (cookie: string) => cookie.replace(/=[0-9a-f]/, (start) => (start === '=f' ? '=e' : '=f'))],
    ['no shape', () => 'posthorn_session=nonsense'],
    ['nothing', () => 'posthorn_session='],
  ])('with a cookie of %s is refused', async (_, change) => {
    const mine = await signIn(tenant.key);
    expect((await read({ cookie: change(mine.cookie) })).status).toBe(401);
  });

  test('is not asked where a key is sent: the key decides, and needs no token', async () => {
    const mine = await signIn(tenant.key);
    const other = await api.tenant();
    const answer = await api.request('GET', '/v1/session', { key: other.key, headers: { cookie: mine.cookie } });
    expect(answer.body).toMatchObject({ tenant_id: other.id, expires_at: null, csrf_token: null });
  });

  test('is counted in the audit log as its key', async () => {
    await register(withSession(await signIn(tenant.key)));
    const { body } = await api.request('GET', '/v1/audit-log', { key: tenant.key });
    expect(body.data[0]).toMatchObject({ action: 'createEndpoint', actor: 'key' });
  });
});

test('Signing in again ends the session before, and of one key only so many last', async () => {
  const first = await signIn(tenant.key);
  await signIn(tenant.key, { cookie: first.cookie });
  expect((await read(withSession(first))).status).toBe(401);
  const many = [];
  for (let index = 0; index < 52; index += 1) many.push(await signIn(tenant.key));
  const answers = await Promise.all(many.map((each) => read(withSession(each))));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.slice(0, 2)).toEqual([401, 401]);
  expect(new Set(statuses.slice(2))).toEqual(new Set([200]));
});

test('Sessions that are over are removed as new ones come', async () => {
  await runSql(api.databaseUrl, 'UPDATE console_sessions SET expires_at = now()');
  await signIn(tenant.key);
  const [row] = await runSql<{ count: string }>(api.databaseUrl, 'SELECT count(*) FROM console_sessions');
  expect(Number(row?.count)).toBe(1);
});
