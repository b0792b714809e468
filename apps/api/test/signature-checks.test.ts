import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { runSql } from '@posthorn/testkit/run-sql';
import type { Profile } from '@posthorn/wire/profile';
import { findProfile } from '@posthorn/wire/profiles';
import { sign } from '@posthorn/wire/sign';
import { addEndpoint, startApi, type TestApi, type TestTenant, unknownId } from './start-api.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;
beforeAll(async () => {
  api = await startApi();
  [tenant, other] = await Promise.all([api.tenant('standard-webhooks'), api.tenant('standard-webhooks')]);
});
afterAll(() => api.close());

const BODY = '{"type":"test","data":{"n":1.10}}';
const AT = 1_795_000_000;
const NOW = new Date(AT * 1_000).toISOString();

function headersOf(secret: string, name = 'standard-webhooks', nextSecret?: string): string {
  const { signature } = findProfile(name) as Profile;
  const ids = { eventId: 'evt_1', deliveryId: 'dlv_1', deliveryUuid: 'x', type: 'test' };
  const headers = sign(signature, { body: BODY, timestamp: AT, ...ids, secret, nextSecret });
  return Object.entries(headers)
    .map(([header, value]) => `${header}: ${value}`)
    .join('\n');
}

const ask = (body: object, key = tenant.key) => api.request('POST', '/v1/signature-checks', { key, body });

async function check(fields: object): Promise<{ verdict: string; scheme: string | null; wrong: string[] }> {
  const answer = await ask({ body: BODY, now: NOW, ...fields });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  const { verdict, scheme, checks } = answer.body as unknown as { verdict: string; scheme: string; checks: Check[] };
  return { verdict, scheme, wrong: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
}

const valid = { verdict: 'valid', scheme: 'standard-webhooks', wrong: [] };
const invalid = (...wrong: string[]) => ({ verdict: 'invalid', scheme: 'standard-webhooks', wrong });
const SECRET = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0';

test('a request is checked with the secret that is sent along', async () => {
  const headers = headersOf(SECRET);
  expect(await check({ headers, secret: SECRET })).toEqual(valid);
  expect(await check({ headers, secret: SECRET, body: `${BODY} ` })).toEqual(invalid('body'));
  expect(await check({ headers, secret: `${SECRET.slice(0, -4)}AAAA` })).toEqual(invalid('secret'));
  expect(await check({ headers, secret: SECRET, now: '2030-01-01T00:00:00Z' })).toEqual(invalid('timestamp'));
  expect(await check({ headers, secret: SECRET, now: undefined })).toEqual(invalid('timestamp'));
  expect(await check({ headers: '', secret: SECRET })).toEqual({ ...invalid('header'), scheme: null });
  const stripe = { ...invalid('header'), scheme: 'stripe' };
  expect(await check({ headers: headersOf(SECRET, 'stripe'), secret: SECRET })).toEqual(stripe);
});

describe('a request is checked with what an endpoint signs with', () => {
  test('its secret, and both while a rotation lasts', async () => {
    const endpoint = await addEndpoint(api, tenant.key);
    const old = headersOf(endpoint.signing_secret);
    const check1 = (headers: string) => check({ headers, endpoint_id: endpoint.id });
    expect(await check1(old)).toEqual(valid);
    expect(await check1(headersOf(SECRET))).toEqual(invalid('secret'));
    const rotation = await api.request('POST', `/v1/webhook-endpoints/${endpoint.id}/rotate-secret`, {
      key: tenant.key,
      body: { overlap_seconds: 3_600 },
    });
    const fresh = headersOf(rotation.body.signing_secret);
    expect([await check1(old), await check1(fresh)]).toEqual([valid, valid]);
    const uuid = decodeTypeId('endpoint', endpoint.id);
    await runSql(api.databaseUrl, `UPDATE endpoints SET overlap_ends_at = now() WHERE id = $1`, [uuid]);
    expect([await check1(old), await check1(fresh)]).toEqual([invalid('secret'), valid]);
  });

  test('its key pair, whose private key nobody else has', async () => {
    const { createPrivateKey, sign: signWith } = await import('node:crypto');
    const { keyPairOf } = await import('@posthorn/wire/key-pair');
    const seed = Buffer.alloc(32, 9);
    const pair = keyPairOf(seed);
    const endpoint = await addEndpoint(api, tenant.key, { secret: pair.privateKey });
    // By hand: PKCS #8 of an ed25519 seed (RFC 8410, 7).
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const signature = signWith(null, Buffer.from(`msg_1.${AT}.${BODY}`), key).toString('base64');
    const headers = `webhook-id: msg_1\nwebhook-timestamp: ${AT}\nwebhook-signature: v1a,${signature}`;
    expect(await check({ headers, endpoint_id: endpoint.id })).toEqual(valid);
    expect(await check({ headers, secret: endpoint.public_keys[0] })).toEqual(valid);
    expect(await check({ headers: headersOf(SECRET), endpoint_id: endpoint.id })).toEqual(invalid('secret'));
  });
});

test('an endpoint of another tenant, a deleted one and nobody’s read the same', async () => {
  const [theirs, gone] = [await addEndpoint(api, other.key), await addEndpoint(api, tenant.key)];
  await api.request('DELETE', `/v1/webhook-endpoints/${gone.id}`, { key: tenant.key });
  const answers = await Promise.all(
    [theirs.id, gone.id, unknownId('ep')].map((id) => ask({ headers: '', body: '', endpoint_id: id })),
  );
  for (const { status, body } of answers) {
    expect([status, body.errors]).toEqual([
      400,
      [{ path: 'endpoint_id', message: 'is not an endpoint of this tenant' }],
    ]);
  }
});

test.each([
  ['neither secret nor endpoint', { headers: '', body: '' }, ''],
  ['both', { headers: '', body: '', secret: 'x', endpoint_id: unknownId('ep') }, ''],
  ['an id that is none', { headers: '', body: '', endpoint_id: 'nope' }, 'endpoint_id'],
  ['no body', { headers: '', secret: 'x' }, 'body'],
  ['headers that no server takes', { headers: 'x'.repeat(16_385), body: '', secret: 'x' }, 'headers'],
  ['an unknown field', { headers: '', body: '', secret: 'x', more: 1 }, 'more'],
])('400 for %s', async (_, body, path) => {
  const answer = await ask(body);
  expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
});

test('the secret stands in no answer and in no line of the log, right or wrong', async () => {
  const headers = headersOf(SECRET);
  const secrets = [SECRET, ` ${SECRET}`, SECRET.slice(0, -2), `x${SECRET}`];
  const answers = await Promise.all(secrets.map((secret) => ask({ headers, body: BODY, secret, now: NOW })));
  for (const { text } of answers) expect(text).not.toContain(SECRET.slice(6, 30));
  expect(JSON.stringify(api.log)).not.toContain(SECRET.slice(6, 30));
});

test('it is nothing that the audit log notes', async () => {
  await ask({ headers: '', body: '', secret: SECRET });
  const log = await api.request('GET', '/v1/audit-log?action=checkSignature', { key: tenant.key });
  expect(log.body.data).toEqual([]);
});
