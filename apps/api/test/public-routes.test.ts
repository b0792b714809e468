import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { watchRedis } from '@posthorn/testkit/watch-redis';
import { serverLimits } from '../src/http/create-api-server.ts';
import { addEvent, startApi, type TestApi, type TestTenant } from './start-api.ts';

const CROWD = 200;
const METRICS_REST_MS = 100;
const UNREAD = 50;
/** As many as a connection may send before they are answered. */
const UNANSWERED = 16;

let api: TestApi;
let redisUrl: string;
let tenant: TestTenant;
beforeAll(async () => {
  redisUrl = await claimTestRedis();
  api = await startApi({ redisUrl });
  tenant = await api.tenant();
});
afterAll(() => api.close());

const crowd = (path: string) => Promise.all(Array.from({ length: CROWD }, () => api.request('GET', path)));

test('However many ask for metrics, they are rendered ten times a second at the most', async () => {
  const startedAt = performance.now();
  const answers = await crowd('/metrics');
  const renderings = new Set(answers.map(({ text }) => text));
  expect(renderings.size).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / METRICS_REST_MS);
});

test('Metrics show what has happened since they were rendered before', async () => {
  const accepted = async () => {
    const { text } = await api.request('GET', '/metrics');
    return Number(/^posthorn_events_accepted_total\S* (\d+)$/m.exec(text)?.[1]);
  };
  for (let posts = 0; posts < 5; posts += 1) {
    const before = await accepted();
    await addEvent(api, tenant.key);
    expect(await accepted()).toBe(before + 1);
  }
});

test('However many ask at once whether the API is ready, Redis is asked for few of them', async () => {
  const redis = await watchRedis(redisUrl);
  const answers = await crowd('/readyz');
  const asked = redis.text().match(/"exists"/g) ?? [];
  redis.stop();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(CROWD / 4);
});

test('The OpenAPI document is the same bytes for all, and says its type and length, its type to HEAD too', async () => {
  const document = api.deps.openapi();
  expect(api.deps.openapi()).toBe(document);
  const [got, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(`${api.url}/openapi.json`, { method })));
  expect([await got?.text(), await head?.text()]).toEqual([document.toString(), '']);
  for (const answer of [got, head]) {
    const told = ['content-type', 'etag', 'cache-control'].map((name) => answer?.headers.get(name));
    expect([answer?.status, ...told]).toEqual([200, 'application/json; charset=utf-8', null, null]);
  }
  expect(got?.headers.get('content-length')).toBe(String(document.byteLength));
});

/** Asks for the document as often as a connection may at once, and reads no more once the first answer begins. */
async function askUnread({ url }: TestApi): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(UNANSWERED));
  await once(socket, 'readable');
  return socket;
}

/** What came until the server closed. */
async function countRest(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (chunk) => (bytes += chunk.byteLength)).resume();
  await once(socket, 'close');
  return bytes;
}

test('Who asks for the document and reads nothing of it costs no copy of it, and is let go when nothing has moved for so long', async () => {
  const impatient = await startApi({}, { ...serverLimits, inactivityTimeoutMs: 500 });
  const { byteLength } = impatient.deps.openapi();
  const held = () => process.memoryUsage().arrayBuffers;
  const before = held();
  const sockets = await Promise.all(Array.from({ length: UNREAD }, () => askUnread(impatient)));
  let most = 0;
  await eventually(async () => {
    most = Math.max(most, held());
    expect(await impatient.connections()).toBe(0);
  });
  expect(most - before).toBeLessThan((UNREAD * byteLength) / 4);
  for (const bytes of await Promise.all(sockets.map(countRest))) expect(bytes).toBeLessThan(UNANSWERED * byteLength);
  await impatient.close();
});
