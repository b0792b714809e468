import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorCatalog } from '../src/http/error-catalog.ts';
import { sendRaw } from './send-raw.ts';
import { addEndpoint, addEvent, deliveriesOf, startApi, type TestApi, type TestTenant } from './start-api.ts';

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

const sendText = async (text: string): Promise<string> => (await sendRaw(api.url, text)).received;

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

  test('its depth is looked at before it is parsed', async () => {
    expect((await post('['.repeat(65))).body.detail).toBe('The body is nested deeper than 64 levels');
    expect((await post('['.repeat(64))).body.detail).toBe('The body is not valid JSON');
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
    expect(await sendText(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1.1 413/);
  });

  test.each([
    ['413', 'Content-Type: application/json', 300_000],
    ['415', 'Content-Type: application/json\r\nContent-Encoding: gzip', 200_000],
    ['415', 'Content-Type: text/plain', 200_000],
    ['401', 'Authorization: Bearer nobody', 200_000],
  ])('a body refused with %s (%s) leaves its connection to the next request', async (status, headers, bytes) => {
    const authorization = headers.startsWith('Auth') ? '' : `Authorization: Bearer ${tenant.key}\r\n`;
    const head = `POST /v1/events HTTP/1.1\r\nHost: x\r\n${authorization}${headers}\r\nContent-Length: ${bytes}\r\n\r\n`;
    const next = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const answers = await sendText(head + 'x'.repeat(bytes) + next);
    expect(answers.match(/^HTTP\/1.1 \d+|(?<=})HTTP\/1.1 \d+/gm)).toEqual([`HTTP/1.1 ${status}`, 'HTTP/1.1 200']);
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

  test('hundreds of thousands of wrong fields are a refusal like any other', async () => {
    const fields = Array.from({ length: 300_000 }, (_, index) => `"x${index}":0`).join(',');
    const answer = await api.request('POST', '/v1/events/batch', { key: tenant.key, raw: `{"events":[],${fields}}` });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(20);
    expect(answer.body.detail).toMatch(/, and 300\d{3} more$/);
    const events = `{"events":[${Array.from({ length: 1_000 }, () => `{${fields.slice(0, 3_500).replace(/,[^,]*$/, '')}}`).join(',')}]}`;
    expect((await api.request('POST', '/v1/events/batch', { key: tenant.key, raw: events })).status).toBe(400);
  });
});

describe('values that the database does not have', () => {
  const cursor = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    '/v1/usage?since=0000-01-01T00:00:00Z',
    '/v1/usage?until=0001-01-01T00:00:00%2B23:59',
    '/v1/usage?until=9999-12-31T23:59:59-23:59',
    '/v1/events?created_after=0000-12-31T23:59:59.999Z',
    '/v1/events?jobId=%00',
    '/v1/events?jobId=',
    '/v1/events?__proto__=1',
    '/v1/events?limit=1&limit=2',
    `/v1/events?cursor=${cursor('1 id 00000000-0000-0000-0000-00000000000x')}`,
    `/v1/events?cursor=${cursor('1 number 1')}`,
    `/v1/events?cursor=${cursor("1 id '; DROP TABLE events")}`,
    `/v1/webhook-deliveries/DELIVERY/attempts?cursor=${cursor('1 number 99999')}`,
    `/v1/webhook-deliveries/DELIVERY/attempts?cursor=${cursor('1 number -1')}`,
    `/v1/webhook-deliveries/DELIVERY/attempts?cursor=${cursor('1 number 1e3')}`,
    `/v1/event-types?cursor=${cursor('1 name tenant \0')}`,
  ])('400 for %s', async (path) => {
    await addEndpoint(api, tenant.key);
    const [delivery] = await deliveriesOf(api, tenant.key, (await addEvent(api, tenant.key)).id);
    const answer = await api.request('GET', path.replace('DELIVERY', delivery.id), { key: tenant.key });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid']);
  });

  test('the ends of what it has are found', async () => {
    const since = '0001-01-01T00:00:00Z';
    const until = '9999-12-31T23:59:59.999Z';
    for (const path of [
      `/v1/usage?since=${since}&until=${until}`,
      `/v1/events?created_after=${since}&created_before=${until}`,
    ]) {
      expect((await api.request('GET', path, { key: tenant.key })).status).toBe(200);
    }
  });
});

describe('what a stranger may not do', () => {
  test('header or body too slow or too large end the connection, not the process', async () => {
    expect(await sendText(`GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431/);
    expect((await api.request('GET', '/livez')).status).toBe(200);
  });

  test.each(['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'])(
    'what is no HTTP request (%j) is told so, with a ref that stands in the log',
    async (raw) => {
      const answer = await sendText(raw);
      expect(answer).toMatch(/^HTTP\/1.1 400/);
      const ref = /^X-Request-Id: (\S+)/im.exec(answer)?.[1] ?? '';
      expect(answer).toMatch(/^Content-Type: application\/problem\+json/im);
      expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status: 400, code: 'invalid', ref });
    },
  );

  test('a wish for another protocol is passed over, and its connection closed', async () => {
    const wish = 'GET /livez HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n';
    const { received, closed } = await sendRaw(api.url, `${wish}GET /livez HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect([received.slice(0, 12), closed]).toEqual(['HTTP/1.1 200', true]);
  });

  test('a tunnel is refused like everything that does not exist', async () => {
    const answer = await sendText('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 404[^]*"code":"not_found"/);
  });

  test('an expectation that nobody knows is passed over', async () => {
    const raw = 'GET /livez HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n';
    expect(await sendText(raw)).toMatch(/^HTTP\/1.1 200[^]*X-Request-Id/i);
  });

  test('every answer is guarded by headers, also what is no page and what cannot be read', async () => {
    const unread = [
      'nonsense\r\n\r\n',
      'GET /livez HTTP/1.1\r\n\r\n',
      `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    ];
    for (const raw of unread) {
      const head = (await sendText(raw)).split('\r\n\r\n')[0];
      expect(head).toMatch(/^content-security-policy: default-src 'none';script-src 'self';/im);
      expect(head).toMatch(/^x-content-type-options: nosniff$/im);
      expect(head).toMatch(/^x-frame-options: DENY$/im);
    }
    const paths = [
      '/',
      '/docs',
      '/docs/errors',
      '/docs/assets/swagger-ui.css',
      '/favicon.ico',
      '/v1/events',
      '/nothing',
      '/%ff',
      '/openapi.json',
      '/livez',
      '/metrics',
    ];
    for (const path of paths) {
      const { headers } = await api.request('GET', path);
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none';script-src 'self'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });

  test('of the pages’ package only what the pages load is there, whole or not at all', async () => {
    for (const path of [
      '',
      '/',
      '/index.html',
      '/package.json',
      '/swagger-ui-bundle.js.map',
      '/../package.json',
      '/%2e%2e/package.json',
    ]) {
      expect((await api.request('GET', `/docs/assets${path}`)).status).toBe(404);
    }
    const odd = { range: 'bytes=999999999-', 'if-match': '"other"', 'if-none-match': '*' };
    expect((await api.request('GET', '/favicon.ico', { headers: odd })).status).toBe(200);
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
    const docs = await api.request('GET', '/docs');
    for (const [, path] of docs.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await api.request('GET', path as string)).status).toBe(200);
    }
    expect(docs.text).not.toMatch(/<script>|<style|style=|onload=/);
  });
});
