import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sendRaw } from './send-raw.ts';
import { startApi, type TestApi } from './start-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const assetsOf = (page: string): string[] =>
  [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
const nonceOf = (policy: string | null): string => /'nonce-([^']+)'/.exec(policy ?? '')?.[1] ?? '';

test.each([
  '/',
  '/sign-in',
  '/webhooks',
  '/webhooks/deliveries/dlv_01h455vb4pex5vsknk084sn02q',
  '/events',
  '/event-types',
  '/settings',
  '/signatures',
])('the console is at %s, for whoever comes: it asks for a key itself', async (path) => {
  const answer = await api.request('GET', path);
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-store',
  ]);
  expect(answer.text).toContain('<title>Posthorn</title>');
});

test('Its page runs scripts of this server alone, and styles of its own by a nonce that no second answer has', async () => {
  const [first, second] = await Promise.all([api.request('GET', '/'), api.request('GET', '/')]);
  const policy = first.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  const nonce = nonceOf(policy);
  expect(nonce).toMatch(/^[\w+/]{22}==$/);
  expect(first.text).toContain(`nonce="${nonce}"`);
  expect(first.text).not.toContain('posthorn-nonce');
  expect(nonceOf(second.headers.get('content-security-policy'))).not.toBe(nonce);
  expect(first.text).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
});

test('What the page loads is there, packed for whoever takes that, and kept by browsers', async () => {
  const paths = assetsOf((await api.request('GET', '/')).text);
  expect(paths.length).toBeGreaterThanOrEqual(3);
  for (const path of paths) {
    const plain = await sendRaw(api.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(plain.received).toMatch(/^HTTP\/1\.1 200/);
    expect(plain.received).not.toMatch(/content-encoding/i);
    const response = await fetch(`${api.url}${path}`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
  }
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['posthorn.lan', false],
])('Headers that browsers heed only where they trust the origin are sent to %s: %s', async (host, sent) => {
  const { received } = await sendRaw(api.url, `GET / HTTP/1.1\r\nHost: ${host}:8080\r\nConnection: close\r\n\r\n`);
  expect(/cross-origin-opener-policy/i.test(received)).toBe(sent);
  expect(/origin-agent-cluster/i.test(received)).toBe(sent);
  expect(received).toMatch(/content-security-policy: default-src 'none'/i);
});

test('An asset that is not there is a 404, also by a path that leads elsewhere', async () => {
  for (const path of ['/assets/none.js', '/assets/..%2findex.html', '/assets/%2e%2e%2fpackage.json', '/assets/']) {
    expect((await api.request('GET', path)).status).toBe(404);
  }
});

test('The first visit loads less than 250 kB of script, packed', async () => {
  const scripts = assetsOf((await api.request('GET', '/')).text).filter((path) => path.endsWith('.js'));
  const sizes = await Promise.all(
    scripts.map(async (path) => {
      const response = await fetch(`${api.url}${path}`, { headers: { 'accept-encoding': 'gzip' } });
      return Number(response.headers.get('content-length'));
    }),
  );
  expect(sizes.every((size) => size > 0)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
});

test.each([
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
] as const)('An asset packed with %s is the plain one', async (encoding, unpack) => {
  const path = assetsOf((await api.request('GET', '/')).text).find((each) => each.endsWith('.css')) ?? '';
  const packed = await new Promise<Buffer>((resolve, reject) => {
    get(`${api.url}${path}`, { headers: { 'accept-encoding': encoding } }, (response) => {
      expect(response.headers['content-encoding']).toBe(encoding);
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
    }).on('error', reject);
  });
  const plain = await (await fetch(`${api.url}${path}`, { headers: { 'accept-encoding': 'identity' } })).text();
  expect(unpack(packed).toString()).toBe(plain);
});

test.each(['/nope', '/nope/deeper', '/sign-in/x'])(
  'A browser that goes to %s gets the page, which says that there is no such view',
  async (path) => {
    const answer = await api.request('GET', path, {
      headers: { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('<title>Posthorn</title>');
  },
);

test.each([
  ['GET', '/nope', '*/*'],
  ['GET', '/nope', 'application/json'],
  ['POST', '/nope', 'text/html'],
  ['GET', '/v1/nope', 'text/html'],
  ['GET', '/docs/nope', 'text/html'],
  ['GET', '/openapi.json/nope', 'text/html'],
  ['GET', '/metrics/nope', 'text/html'],
  ['GET', '/livez/nope', 'text/html'],
  ['GET', '/readyz/nope', 'text/html'],
  ['GET', '/assets/none.js', 'text/html'],
])('%s %s by whoever accepts %s is answered with a problem', async (method, path, accept) => {
  const answer = await api.request(method, path, { headers: { accept } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});
