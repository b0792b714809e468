import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { TEST_SECRETS_KEY } from '@posthorn/testkit/start-process';
import { keyPairOf } from '@posthorn/wire/key-pair';
import {
  type ApiAnswer,
  addEndpoint,
  addEvent,
  deliveriesOf,
  startApi,
  type TestApi,
  type TestTenant,
  unknownId,
} from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: unknown) => api.request(method, path, { key: tenant.key, body });
const pathsOf = (answer: ApiAnswer) => answer.body.errors.map(({ path }) => path);

describe.each(['/v1/webhook-endpoints', '/v1/webhooks'])('%s', (base) => {
  test('201, 200, 204, and 404 afterwards', async () => {
    const created = await call('POST', base, {
      url: 'http://127.0.0.1:9/a',
      events: ['ssl.issued'],
      description: 'd',
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(created.body).toEqual({
      id: expect.stringMatching(/^ep_/),
      url: 'http://127.0.0.1:9/a',
      events: ['ssl.issued'],
      description: 'd',
      headers: {},
      rate_limit: null,
      ordering_skip_after: null,
      status: 'enabled',
      disabled_reason: null,
      disabled_by: null,
      failure_policy: { warn_after_seconds: null, disable_after_seconds: null },
      health: { consecutive_failures: 0, first_failure_at: null, last_failure_at: null, last_success_at: null },
      profile: 'connect-domain',
      signature_algorithm: 'hmac-sha256',
      public_keys: [],
      secret_overlap_ends_at: null,
      ca_certificate: null,
      client_certificate: null,
      created_at: expect.any(String),
      signing_secret: expect.stringMatching(/^whsec_/),
    });
    const { signing_secret: secret, ...shown } = created.body;
    const one = `${base}/${created.body.id}`;
    expect((await call('GET', one)).body).toEqual(shown);
    const list = await call('GET', base);
    expect(list.body.data[0]).toEqual(shown);
    expect(list.text).not.toContain(secret);
    expect((await call('PATCH', one, { description: 'e', rate_limit: 5 })).body).toEqual({
      ...shown,
      description: 'e',
      rate_limit: 5,
    });
    expect((await call('DELETE', one)).status).toBe(204);
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      expect((await call(method, one, body)).status).toBe(404);
    }
  });
});

describe('POST /v1/webhook-endpoints', () => {
  const valid = { url: 'http://127.0.0.1:9/', events: [] };
  test.each([
    [{ events: [] }, ['url']],
    [{ url: 'http://127.0.0.1:9/' }, ['events']],
    [{ ...valid, url: 'ftp://127.0.0.1/' }, ['url']],
    [{ ...valid, url: 'http://10.0.0.1/' }, ['url']],
    [{ ...valid, url: 'http://user:pw@127.0.0.1/' }, ['url']],
    [{ ...valid, events: ['nope', 'ssl.issued', 'no'] }, ['events.0', 'events.2']],
    [{ ...valid, events: Array.from({ length: 101 }, () => 'ssl.issued') }, ['events']],
    [{ ...valid, secret: 'short' }, ['secret']],
    [{ ...valid, signature_algorithm: 'ed25519' }, ['signature_algorithm']],
    [{ ...valid, signature_algorithm: 'rsa' }, ['signature_algorithm']],
    [{ ...valid, rate_limit: 0 }, ['rate_limit']],
    [{ ...valid, rate_limit: 1.5 }, ['rate_limit']],
    [{ ...valid, headers: { Host: 'x' } }, ['headers.Host']],
    [{ ...valid, headers: { 'content-LENGTH': '1' } }, ['headers.content-LENGTH']],
    [{ ...valid, headers: { 'X-CD-Signature': 'x' } }, ['headers.X-CD-Signature']],
    [{ ...valid, headers: { 'X-CD-Signature-Next': 'x' } }, ['headers.X-CD-Signature-Next']],
    [{ ...valid, headers: { 'Webhook-Id': 'x' } }, ['headers.Webhook-Id']],
    [{ ...valid, headers: { 'x-posthorn-event': 'x' } }, ['headers.x-posthorn-event']],
    [{ ...valid, headers: { 'X-A': 'a\r\nB: c' } }, ['headers.X-A']],
    [{ ...valid, headers: { 'X-A': 'é' } }, ['headers.X-A']],
    [{ ...valid, headers: { 'X A': 'a' } }, ['headers.X A']],
    [{ ...valid, headers: { 'X-A': 5 } }, ['headers.X-A']],
    [{ ...valid, headers: { 'X-A': { toString: false } } }, ['headers.X-A']],
    [{ ...valid, headers: ['x'] }, ['headers']],
    [{ ...valid, headers: { 'X-A': 'a', 'x-a': 'b' } }, ['headers']],
    [{ ...valid, headers: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`X-${i}`, 'a'])) }, ['headers']],
    [{ ...valid, headers: { 'X-A': 'a'.repeat(4_096), 'X-B': 'a'.repeat(4_096) } }, ['headers']],
    [{ ...valid, status: 'disabled' }, ['status']],
  ])('400 for %j names %j', async (body, paths) => {
    const answer = await call('POST', '/v1/webhook-endpoints', body);
    expect(answer.status).toBe(400);
    expect(pathsOf(answer)).toEqual(paths);
  });

  /** What would break the request, forge it, or speak to the machines between. */
  const refusedNames = `
    Accept-Encoding Connection Content-Encoding Content-Length Content-Type Cookie Date Expect Forwarded Host HTTP2-Settings
    Keep-Alive Max-Forwards Proxy-Authorization Proxy-Connection Range TE Trailer Trailers Transfer-Encoding Upgrade
    User-Agent Via Webhook-Signature X-Forwarded-For X-Posthorn-Attempt cmr-x-signature X-Webhook-Signature :authority
    constructor_x X:Y`;
  test.each(refusedNames.trim().split(/\s+/))('400 for a header named %s', async (name) => {
    for (const written of [name, name.toUpperCase(), name.toLowerCase()]) {
      const answer = await call('POST', '/v1/webhook-endpoints', { ...valid, headers: { [written]: 'x' } });
      expect([answer.status, pathsOf(answer)]).toEqual([400, [`headers.${written}`]]);
    }
  });

  test.each(['a\r\nX: b', 'a\nX: b', 'a\0', ' a', 'a\t', '\u0085', '\u010a', '', 'a'.repeat(4_097)])(
    '400 for a header of the value %j',
    async (value) => {
      const answer = await call('POST', '/v1/webhook-endpoints', { ...valid, headers: { 'X-A': value } });
      expect([answer.status, pathsOf(answer)]).toEqual([400, ['headers.X-A']]);
    },
  );

  test('an endpoint that is read and written back loses none of its headers: what hides their values is refused', async () => {
    const made = await call('POST', '/v1/webhook-endpoints', { ...valid, headers: { 'X-Token': 'secret' } });
    const path = `/v1/webhook-endpoints/${made.body.id}`;
    const { headers } = JSON.parse((await call('GET', path)).text) as { headers: unknown };
    expect(headers).toEqual({ 'X-Token': '***' });
    const answer = await call('PATCH', path, { headers });
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['headers.X-Token']]);
    expect(answer.text).toContain('send that, or leave headers out');
  });

  test('400 for a header named __proto__', async () => {
    const raw = '{"url":"http://127.0.0.1:9/","events":[],"headers":{"__proto__":"x"}}';
    expect((await api.request('POST', '/v1/webhook-endpoints', { key: tenant.key, raw })).status).toBe(400);
  });

  test('keeps secrets and header values sealed, shows names alone', async () => {
    const secret = 'my-own-secret-0123456789';
    const endpoint = await addEndpoint(api, tenant.key, { secret, headers: { Authorization: 'Bearer canary-value' } });
    expect(endpoint).toMatchObject({ signing_secret: secret, headers: { Authorization: '***' } });
    const rows = await runSql<{ all: string }>(api.databaseUrl, 'SELECT row_to_json(e)::text AS all FROM endpoints e');
    expect(rows.map(({ all }) => all).join()).not.toMatch(/canary-value|my-own-secret/);
    expect(JSON.stringify(api.log)).not.toMatch(/canary-value|my-own-secret/);
  });

  test('a standard-webhooks secret must be one', async () => {
    const { key } = await api.tenant('standard-webhooks');
    const body = { url: 'http://127.0.0.1:9/', events: [], secret: 'just-some-text-0123456789' };
    const answer = await api.request('POST', '/v1/webhook-endpoints', { key, body });
    expect(pathsOf(answer)).toEqual(['secret']);
  });
});

describe('PATCH /v1/webhook-endpoints/{id}', () => {
  test('400 names what is wrong and changes nothing', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const answer = await call('PATCH', `/v1/webhook-endpoints/${id}`, {
      description: 'x',
      url: 'http://10.0.0.1/',
      events: ['nope'],
    });
    expect(pathsOf(answer)).toEqual(['url', 'events.0']);
    expect((await call('GET', `/v1/webhook-endpoints/${id}`)).body.description).toBe('');
  });

  test('disabling cancels open deliveries with a reason, and skips later ones; enabling clears the reason', async () => {
    const own = await api.tenant();
    const { id } = await addEndpoint(api, own.key);
    const patch = (status: string) =>
      api.request('PATCH', `/v1/webhook-endpoints/${id}`, { key: own.key, body: { status } });
    const before = await addEvent(api, own.key);
    expect((await patch('disabled')).body).toMatchObject({
      status: 'disabled',
      disabled_reason: 'Disabled on request',
    });
    const [cancelled] = await deliveriesOf(api, own.key, before.id);
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      next_retry_at: null,
      last_error: 'The endpoint was disabled: Disabled on request',
    });
    expect(cancelled.completed_at).not.toBeNull();
    const [skipped] = await deliveriesOf(api, own.key, (await addEvent(api, own.key)).id);
    expect(skipped).toMatchObject({ status: 'skipped', last_error: expect.stringContaining('disabled') });
    expect((await patch('enabled')).body).toMatchObject({ status: 'enabled', disabled_reason: null });
  });
});

test('deleting cancels open deliveries and keeps them on record', async () => {
  const own = await api.tenant();
  const { id } = await addEndpoint(api, own.key);
  const event = await addEvent(api, own.key);
  await api.request('DELETE', `/v1/webhook-endpoints/${id}`, { key: own.key });
  const [delivery] = await deliveriesOf(api, own.key, event.id);
  expect(delivery).toMatchObject({ status: 'cancelled', endpoint_id: id, last_error: 'The endpoint was deleted' });
  expect((await addEvent(api, own.key)).deliveries).toBe(0);
});

describe('rotate-secret', () => {
  const box = createSecretBox([TEST_SECRETS_KEY]);
  const stored = async (id: string) => {
    const [row] = await runSql<{ id: string; secret: string; next: string | null; ends: Date | null }>(
      api.databaseUrl,
      'SELECT id::text, secret_sealed AS secret, next_secret_sealed AS next, overlap_ends_at AS ends FROM endpoints ORDER BY endpoints.id DESC LIMIT 1',
    );
    if (!row) throw new Error(`No row for ${id}`);
    const open = (sealed: string) => box.open(sealed, `${row.id}/secret`);
    return { secret: open(row.secret), next: row.next && open(row.next), ends: row.ends };
  };
  const rotate = (id: string, body?: object) => call('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, body);

  test('keeps the old secret beside the new one until the overlap ends', async () => {
    const { id, signing_secret: first } = await addEndpoint(api, tenant.key);
    const answer = await rotate(id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({ signing_secret: expect.stringMatching(/^whsec_/), public_keys: [] });
    const after = await stored(id);
    expect(after).toMatchObject({ secret: first, next: answer.body.signing_secret });
    expect(Math.abs((after.ends?.getTime() ?? 0) - Date.now() - 86_400_000)).toBeLessThan(5_000);
    const again = await rotate(id, { overlap_seconds: 60 });
    expect(await stored(id)).toMatchObject({ secret: first, next: again.body.signing_secret });
  });

  test('promotes the secret of an overlap that has ended', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const second = (await rotate(id, { overlap_seconds: 1 })).body.signing_secret;
    await eventually(async () => ((await stored(id)).ends?.getTime() ?? Number.POSITIVE_INFINITY) < Date.now());
    const third = (await rotate(id, { overlap_seconds: 60 })).body.signing_secret;
    expect(await stored(id)).toMatchObject({ secret: second, next: third });
  });

  test('shows until when two secrets are live, and nothing once one is', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const endsAt = async () => (await call('GET', `/v1/webhook-endpoints/${id}`)).body.secret_overlap_ends_at;
    expect(await endsAt()).toBeNull();
    await rotate(id, { overlap_seconds: 60 });
    expect(await endsAt()).toBe((await stored(id)).ends?.toISOString());
    await rotate(id, { overlap_seconds: 1 });
    expect(await endsAt()).not.toBeNull();
    // The row keeps the moment until the next rotation.
    await eventually(async () => expect(await endsAt()).toBeNull());
    await rotate(id, { overlap_seconds: 60 });
    await rotate(id, { overlap_seconds: 0 });
    expect(await endsAt()).toBeNull();
  });

  test('switches at once with 0, also under races', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const answers = await Promise.all(Array.from({ length: 4 }, () => rotate(id, { overlap_seconds: 0 })));
    const given = answers.filter(({ status }) => status === 200).map(({ body }) => body.signing_secret);
    const after = await stored(id);
    expect(given).toContain(after.secret);
    expect(after.next).toBeNull();
  });

  test('takes the customer’s own secret', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const secret = 'chosen-by-the-customer';
    expect((await rotate(id, { secret, overlap_seconds: 0 })).body.signing_secret).toBe(secret);
    expect(await stored(id)).toMatchObject({ secret });
    expect(pathsOf(await rotate(id, { secret: 'short' }))).toEqual(['secret']);
  });

  test.each([{ overlap_seconds: -1 }, { overlap_seconds: 2_592_001 }, { overlap_seconds: '5' }, { x: 1 }])(
    '400 for %j',
    async (body) => {
      const { id } = await addEndpoint(api, tenant.key);
      expect((await rotate(id, body)).status).toBe(400);
    },
  );

  test('404 for one that does not exist', async () => {
    expect((await rotate(unknownId('ep'))).status).toBe(404);
  });
});

describe('Key pairs', () => {
  const seed = Buffer.alloc(32, 7);
  const pair = keyPairOf(seed);
  const start = async (fields: object = {}) => {
    const { key } = await api.tenant('standard-webhooks');
    const endpoint = await addEndpoint(api, key, fields);
    const at = `/v1/webhook-endpoints/${endpoint.id}`;
    return {
      endpoint,
      key,
      show: async () => (await api.request('GET', at, { key })).body,
      rotate: (body: object) => api.request('POST', `${at}/rotate-secret`, { key, body }),
    };
  };

  test('of a new one the public key alone is ever shown', async () => {
    const { endpoint, show } = await start({ signature_algorithm: 'ed25519' });
    const shown = { signature_algorithm: 'ed25519', public_keys: [expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/)] };
    expect(endpoint).toMatchObject({ ...shown, signing_secret: null });
    expect(await show()).toMatchObject(shown);
  });

  test.each([
    { form: 'seed', secret: `whsk_${seed.toString('base64')}` },
    { form: 'seed and public key', secret: pair.privateKey },
  ])('one that the customer brings as $form is taken, and kept sealed', async ({ secret }) => {
    const { endpoint, show } = await start({ secret });
    const shown = { signature_algorithm: 'ed25519', public_keys: [pair.publicKey] };
    expect(endpoint).toMatchObject({ ...shown, signing_secret: null });
    expect(await show()).toMatchObject(shown);
    const rows = await runSql<{ all: string }>(api.databaseUrl, 'SELECT row_to_json(e)::text AS all FROM endpoints e');
    const kept = rows.map(({ all }) => all).join() + JSON.stringify(api.log);
    expect(kept).not.toContain(seed.toString('base64').slice(0, 40));
  });

  test.each([
    [{ secret: pair.publicKey }, ['secret']],
    [{ secret: `whsk_${Buffer.alloc(64, 7).toString('base64')}` }, ['secret']],
    [{ secret: pair.privateKey, signature_algorithm: 'hmac-sha256' }, ['signature_algorithm']],
    [{ secret: `whsec_${seed.toString('base64')}`, signature_algorithm: 'ed25519' }, ['signature_algorithm']],
  ])('400 for %j names %j', async (fields, paths) => {
    const { key } = await api.tenant('standard-webhooks');
    const body = { url: 'http://127.0.0.1:9/', events: [], ...fields };
    expect(pathsOf(await api.request('POST', '/v1/webhook-endpoints', { key, body }))).toEqual(paths);
  });

  test('a rotation goes on with the same kind, or to the other, and shows the keys that are live', async () => {
    const { endpoint, show, rotate } = await start();
    const [none, both] = [await rotate({}), await rotate({ signature_algorithm: 'ed25519' })];
    expect(none.body).toEqual({ signing_secret: expect.stringMatching(/^whsec_/), public_keys: [] });
    const [first] = both.body.public_keys;
    expect(both.body).toEqual({ signing_secret: null, public_keys: [first] });
    expect(await show()).toMatchObject({ signature_algorithm: 'ed25519', public_keys: [first] });
    expect(endpoint.public_keys).toEqual([]);

    await rotate({ secret: pair.privateKey, overlap_seconds: 0 });
    const next = await rotate({});
    const [old, second] = next.body.public_keys;
    expect(old).toBe(pair.publicKey);
    expect(second).toMatch(/^whpk_/);
    expect((await show()).public_keys).toEqual([old, second]);

    const back = await rotate({ signature_algorithm: 'hmac-sha256' });
    expect(back.body).toEqual({ signing_secret: expect.stringMatching(/^whsec_/), public_keys: [old] });
    expect(await show()).toMatchObject({ signature_algorithm: 'hmac-sha256', public_keys: [old] });
    expect((await rotate({ overlap_seconds: 0 })).body.public_keys).toEqual([]);
  });

  test('the key of an overlap that has ended is not shown any more', async () => {
    const { show, rotate } = await start({ secret: pair.privateKey });
    const { body } = await rotate({ overlap_seconds: 1 });
    expect(body.public_keys).toHaveLength(2);
    await eventually(async () => expect((await show()).public_keys).toEqual(body.public_keys.slice(1)));
  });
});

describe('test', () => {
  const send = (id: string, body?: object) => call('POST', `/v1/webhook-endpoints/${id}/test`, body);

  test('202 sends the sample of the first type it wants, to it alone', async () => {
    await addEndpoint(api, tenant.key);
    const { id } = await addEndpoint(api, tenant.key, { events: ['domain.drift', 'ssl.issued'] });
    const answer = await send(id);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ type: 'domain.drift', deliveries: 1, jobId: null });
    const [delivery] = await deliveriesOf(api, tenant.key, answer.body.id);
    expect(delivery.endpoint_id).toBe(id);
    const { body } = await call('GET', `/v1/webhook-deliveries/${delivery.id}`);
    expect(JSON.parse(body.payload).data).toEqual({ hostname: 'app.customer.example' });
  });

  test('202 sends a named type, half of a pair alone', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const { body } = await send(id, { type: 'ssl.issued' });
    expect(body).toMatchObject({ type: 'ssl.issued', deliveries: 1 });
    expect(body).not.toHaveProperty('fired_with');
  });

  test('202 without any type in the catalog sends the built-in one', async () => {
    const { key } = await api.tenant('standard-webhooks');
    const { id } = await addEndpoint(api, key);
    const answer = await api.request('POST', `/v1/webhook-endpoints/${id}/test`, { key });
    expect(answer.body).toMatchObject({ type: 'webhook.test', deliveries: 1 });
  });

  test('400, 404 and 409', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    expect(pathsOf(await send(id, { type: 'nope' }))).toEqual(['type']);
    expect((await send(unknownId('ep'))).status).toBe(404);
    await call('PATCH', `/v1/webhook-endpoints/${id}`, { status: 'disabled' });
    expect((await send(id)).status).toBe(409);
  });
});

describe('Stored headers', () => {
  const stored = { Authorization: 'Bearer for-one-host-alone' };
  const patch = (id: string, body: object) => call('PATCH', `/v1/webhook-endpoints/${id}`, body);

  test('do not move with the URL to another host, port or scheme: they must be sent again, or given up', async () => {
    const { id } = await addEndpoint(api, tenant.key, { url: 'http://127.0.0.1:9/hook', headers: stored });
    for (const url of ['http://127.0.0.1:19/hook', 'http://127.0.0.2:9/hook', 'https://127.0.0.1:9/hook']) {
      const refused = await patch(id, { url });
      expect([url, refused.status, pathsOf(refused)]).toEqual([url, 400, ['headers']]);
    }
    expect((await patch(id, { url: 'http://127.0.0.1:9/elsewhere' })).status).toBe(200);
    expect((await patch(id, { url: 'http://127.0.0.2:9/hook', headers: stored })).status).toBe(200);
    expect((await patch(id, { url: 'http://127.0.0.1:9/hook', headers: {} })).status).toBe(200);
    expect((await patch(id, { url: 'http://127.0.0.2:9/hook' })).status).toBe(200);
  });
});

test('A URL that becomes too long as it is sent is refused, so that what is shown can be sent back', async () => {
  const answer = await call('POST', '/v1/webhook-endpoints', {
    url: `http://127.0.0.1:9/${'é'.repeat(1_000)}`,
    events: [],
  });
  expect([answer.status, pathsOf(answer)]).toEqual([400, ['url']]);
});
