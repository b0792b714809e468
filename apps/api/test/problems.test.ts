import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorCatalog } from '../src/http/error-catalog.ts';
import { addEndpoint, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
});
afterAll(() => api.close());

const post = (raw: string | Buffer, headers: Record<string, string> = {}) =>
  api.request('POST', '/v1/events', { key: tenant.key, raw, headers });
const event = '{"type":"domain.verified","data":{"hostname":"a"}}';

/** Sends bytes over a bare socket and gives back what came until the other side closed or went quiet. */
function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(500, () => socket.destroy());
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve(received)).on('error', () => undefined);
  });
}

test('a refusal is problem details, and its ref is the request’s id, in the log too', async () => {
  const answer = await api.request('GET', '/v1/events/nothing', {
    key: tenant.key,
    headers: { 'x-request-id': 'mine' },
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toEqual({
    type: '/docs/errors#not_found',
    title: errorCatalog.not_found.title,
    status: 404,
    detail: errorCatalog.not_found.detail,
    code: 'not_found',
    ref: answer.headers.get('x-request-id'),
  });
  expect(answer.body.ref).not.toBe('mine');
  const line = api.log.find(({ fields }) => fields?.['ref'] === answer.body.ref);
  expect(line?.fields).toMatchObject({
    method: 'GET',
    route: '/v1/events/{id}',
    status: 404,
    code: 'not_found',
    tenant: tenant.id,
  });
});

test('every answer has an id of its own', async () => {
  const answers = await Promise.all(
    ['/livez', '/v1/nothing', '/docs', '/openapi.json'].map((path) => api.request('GET', path)),
  );
  expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(4);
});

test('the page of errors explains every code', async () => {
  const { text, status } = await api.request('GET', '/docs/errors');
  expect(status).toBe(200);
  for (const code of Object.keys(errorCatalog)) expect(text).toContain(`id="${code}"`);
});

describe('404', () => {
  test.each(['/nothing', '/v1', '/v1/nothing', '/v1/events/x/y', '/%ff', '/v1/tenants/%'])('%s', async (path) => {
    const answer = await api.request('GET', path, { key: api.adminKey });
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  test.each([
    ['DELETE', '/v1/events', 'POST, GET'],
    ['OPTIONS', '/v1/ledger', 'GET'],
    ['PUT', '/v1/webhooks/x', 'GET, PATCH, DELETE'],
  ])('%s %s says which methods there are', async (method, path, allow) => {
    const answer = await api.request(method, path, { key: tenant.key });
    expect([answer.status, answer.headers.get('allow')]).toEqual([404, allow]);
  });
});

describe('bodies', () => {
  test.each([
    ['', 'application/json', 400],
    ['{', 'application/json', 400],
    ['{}x', 'application/json', 400],
    ['NaN', 'application/json', 400],
    [Buffer.from([0x22, 0xff, 0x22]), 'application/json', 400],
    [
      `{"type":"domain.verified","data":{"hostname":"a","d":${'['.repeat(63)}${']'.repeat(63)}}}`,
      'application/json',
      400,
    ],
    [
      `{"type":"domain.verified","data":{"hostname":"a","d":${'['.repeat(62)}${']'.repeat(62)}}}`,
      'application/json',
      202,
    ],
    ['['.repeat(100_000), 'application/json', 400],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'application/json', 400],
    [event, 'application/json; charset=utf-8', 202],
    [event, 'application/cloudevents+json', 202],
    [`\ufeff${event}`, 'application/json', 202],
    [event, 'application/json; charset=latin1', 415],
    [event, 'text/plain', 415],
    [event, 'application/x-www-form-urlencoded', 415],
  ])('%.30s as %s is %d', async (raw, type, status) => {
    const answer = await post(raw, { 'content-type': type });
    expect(answer.status).toBe(status);
  });

  test('415 for a compressed body', async () => {
    expect((await post(gzipSync(event), { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test('413 above 256 KiB, announced or not; just below it passes', async () => {
    const filled = (bytes: number) => event.replace('"a"', `"${'a'.repeat(bytes - event.length + 1)}"`);
    expect((await post(filled(262_144))).status).toBe(202);
    expect((await post(filled(262_145))).status).toBe(413);
    const head = `POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.key}\r\nContent-Type: application/json\r\n`;
    const chunk = `40001\r\n${'x'.repeat(0x40001)}\r\n0\r\n\r\n`;
    expect(await sendRaw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1.1 413/);
  });

  test('routes without a body ignore one, optional ones take none', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    expect((await api.request('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, { key: tenant.key })).status).toBe(
      200,
    );
    expect(
      (await api.request('DELETE', `/v1/webhook-endpoints/${id}`, { key: tenant.key, raw: '{broken' })).status,
    ).toBe(204);
  });

  test('at most 20 wrong fields are named', async () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x${index}`, 1]));
    const answer = await post(JSON.stringify({ ...JSON.parse(event), ...fields }));
    expect(answer.body.errors).toHaveLength(20);
  });
});

describe('what a stranger may not do', () => {
  test('header or body too slow or too large end the connection, not the process', async () => {
    expect(await sendRaw(`GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431/);
    expect((await api.request('GET', '/livez')).status).toBe(200);
  });

  test.each(['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'])(
    'what is no HTTP request (%j) is told so, with a ref that stands in the log',
    async (raw) => {
      const answer = await sendRaw(raw);
      expect(answer).toMatch(/^HTTP\/1.1 400/);
      const ref = /^X-Request-Id: (\S+)/im.exec(answer)?.[1] ?? '';
      expect(answer).toMatch(/^Content-Type: application\/problem\+json/im);
      expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status: 400, code: 'invalid', ref });
    },
  );

  test('an expectation that nobody knows is passed over', async () => {
    const raw = 'GET /livez HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(raw)).toMatch(/^HTTP\/1.1 200[^]*X-Request-Id/i);
  });

  test('every page is guarded by headers', async () => {
    for (const path of ['/docs', '/v1/events', '/openapi.json']) {
      const { headers } = await api.request('GET', path);
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none';script-src 'self'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });

  test('neither keys nor payloads nor queries reach the log', async () => {
    await post('{"type":"domain.verified","jobId":"j","data":{"hostname":"canary-payload"}}');
    await api.request('GET', '/v1/events?jobId=canary-query', { key: tenant.key });
    const written = JSON.stringify(api.log);
    for (const secret of ['canary', tenant.key, api.adminKey]) expect(written).not.toContain(secret);
  });
});

describe('service routes', () => {
  test('livez, readyz, metrics, docs', async () => {
    expect((await api.request('GET', '/livez')).body).toEqual({ status: 'ok' });
    expect((await api.request('GET', '/readyz')).body).toEqual({
      status: 'ready',
      checks: { database: 'ok', queue: 'ok' },
    });
    const metrics = await api.request('GET', '/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    for (const name of [
      'posthorn_http_request_duration_seconds_bucket',
      'posthorn_events_accepted_total',
      'posthorn_enqueue_failures_total',
    ]) {
      expect(metrics.text).toContain(name);
    }
    const home = await api.request('GET', '/');
    expect([home.status, home.headers.get('location')]).toEqual([302, '/docs']);
    const docs = await api.request('GET', '/docs');
    for (const [, path] of docs.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await api.request('GET', path as string)).status).toBe(200);
    }
    expect(docs.text).not.toMatch(/<script>|<style|style=|onload=/);
  });
});
