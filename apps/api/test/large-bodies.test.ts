import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { Overloaded } from '@posthorn/runtime/overloaded';
import type { Steps } from '@posthorn/runtime/pace-work';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { holdBody } from './hold-body.ts';
import { startApi, type TestApi, type TestTenant } from './start-api.ts';

const BATCH = '/v1/events/batch';
/** What a process holds of bodies. */
const ROOM_BYTES = 134_217_728;

let api: TestApi;
let greedy: TestTenant;
let other: TestTenant;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  greedy = await api.tenant();
  other = await api.tenant();
});
afterAll(() => api.close());

const idOf = ({ id }: TestTenant): string => decodeTypeId('tenant', id) ?? '';
const event = { type: 'domain.verified', jobId: 'job-1', data: { hostname: 'app.customer.example' } };
/** A batch of so many characters of `data`, in as many events. */
const batchOf = (events: number, characters: number) => ({
  events: Array.from({ length: events }, () => ({
    ...event,
    data: { hostname: 'app.customer.example', more: 'x'.repeat(Math.floor(characters / events)) },
  })),
});
const post = ({ key }: TestTenant, path: string, body: unknown) => api.request('POST', path, { key, body });

async function storedFor(tenant: TestTenant): Promise<number> {
  const sql = 'SELECT count(*)::int AS events FROM events WHERE tenant_id = $1::uuid';
  const [row] = await runSql<{ events: number }>(api.databaseUrl, sql, [idOf(tenant)]);
  return row?.events ?? -1;
}

/** Begins a batch in chunks, and sends a character of it. */
async function beginChunked({ key }: TestTenant): Promise<Socket> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  const head = [
    'Host: x',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
  ];
  socket.write(`POST ${BATCH} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n1\r\n{\r\n`);
  return socket;
}

/** Posts in chunks of so many bytes. @returns the status */
async function postChunked({ key }: TestTenant, text: string, bytes: number): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const request = sendRequest(`${api.url}${BATCH}`, { method: 'POST', headers });
  request.on('error', () => undefined);
  for (let index = 0; index < text.length; index += bytes) request.write(text.slice(index, index + bytes));
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const letLinesGo: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(letLinesGo.splice(0).map((letGo) => letGo())));

/** The line of a tenant's large bodies does not move until it is let go, at the latest when the test is over. */
function holdLine(tenant: TestTenant): { letGo: () => Promise<void> } {
  let isHeld = true;
  function* wait(): Steps<void> {
    while (isHeld) yield;
  }
  const held = api.deps.paceWork({ owner: idOf(tenant), steps: wait(), isWanted: () => true });
  const letGo = () => {
    isHeld = false;
    return held;
  };
  letLinesGo.push(letGo);
  return { letGo };
}

/** Whether bodies of the tenant hold so much that this much more finds no room. */
const finds = (tenant: TestTenant, bytes: number) => () => holdBody(api.deps.bodyRoom, idOf(tenant), bytes)();

test('Of bodies without a length four tenants begin 32, which hold what has come of them, and every post and batch of another goes through', async () => {
  const tenants = [greedy, ...(await Promise.all([1, 2, 3].map(() => api.tenant())))];
  const sockets = await Promise.all(tenants.flatMap((tenant) => Array.from({ length: 8 }, () => beginChunked(tenant))));
  for (const tenant of tenants) await eventually(() => expect(finds(tenant, ROOM_BYTES / 4)).toThrow(Overloaded));
  // Eight of them hold less than half a megabyte of the 32 MiB.
  expect(finds(greedy, 33_000_000)).not.toThrow();
  for (let index = 0; index < 5; index += 1) {
    expect((await post(other, '/v1/events', event)).status).toBe(202);
    expect((await post(other, BATCH, batchOf(10, 3_000_000))).status).toBe(202);
  }
  for (const socket of sockets) socket.destroy();
  for (const tenant of tenants) await eventually(() => expect(finds(tenant, ROOM_BYTES / 4)).not.toThrow());
});

test('A body that meets no room while it comes is a 503, nothing of it is accepted, and its room is free again', async () => {
  const giveBack = holdBody(api.deps.bodyRoom, idOf(greedy), ROOM_BYTES / 4 - 200_000);
  const text = JSON.stringify(batchOf(1, 300_000));
  expect(await postChunked(greedy, text, 10_000)).toBe(503);
  expect(await storedFor(greedy)).toBe(0);
  giveBack();
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4)).not.toThrow());
  expect(await postChunked(greedy, text, 10_000)).toBe(202);
  expect(await storedFor(greedy)).toBe(1);
});

test.each([1, 16_384, 65_536])('A body in chunks of %d bytes is read as it was written', async (bytes) => {
  const { events } = batchOf(3, 30_000);
  expect(await postChunked(greedy, JSON.stringify({ events }), bytes)).toBe(202);
  const sql = 'SELECT payload FROM events WHERE tenant_id = $1::uuid ORDER BY id';
  const rows = await runSql<{ payload: string }>(api.databaseUrl, sql, [idOf(greedy)]);
  expect(rows.map(({ payload }) => JSON.parse(payload).data)).toEqual(events.map(({ data }) => data));
});

test('While eight large batches of a tenant are worked on, a post and a large batch of another are answered before most of them', async () => {
  await post(other, '/v1/events', event);
  const raw = `{"events":[${'{},'.repeat(600_000)}{}]}!`;
  const line = holdLine(greedy);
  let answered = 0;
  const answers = Array.from({ length: 8 }, async () => {
    const answer = await api.request('POST', BATCH, { key: greedy.key, raw });
    answered += 1;
    return answer;
  });
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4 - 8 * raw.length + 1)).toThrow(Overloaded));
  await line.letGo();
  expect((await post(other, '/v1/events', event)).status).toBe(202);
  expect((await post(other, BATCH, batchOf(10, 100_000))).status).toBe(202);
  expect(answered).toBeLessThan(4);
  for (const { status, body } of await Promise.all(answers)) {
    expect([status, body.detail]).toEqual([400, 'The body is not valid JSON']);
  }
});

test('A thousand events of 4 MiB are accepted, each as it was written', async () => {
  const { events } = batchOf(1_000, 4_000_000);
  const answer = await post(greedy, BATCH, { events });
  expect([answer.status, answer.body.events.length]).toEqual([202, 1_000]);
  expect(await storedFor(greedy)).toBe(1_000);
});

test('Small bodies wait neither for large ones of their tenant nor for those of others', async () => {
  const line = holdLine(greedy);
  const large = post(greedy, BATCH, batchOf(1, 100_000));
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4 - 100_000)).toThrow(Overloaded));
  for (const tenant of [greedy, other]) expect((await post(tenant, '/v1/events', event)).status).toBe(202);
  expect(await storedFor(greedy)).toBe(1);
  await line.letGo();
  expect((await large).status).toBe(202);
});

test('A large body of a tenant does not wait for one of another, whose line does not move', async () => {
  const line = holdLine(greedy);
  expect((await post(other, BATCH, batchOf(1, 100_000))).status).toBe(202);
  await line.letGo();
});

test('A large body whose turn does not come in time is a 503, holds its room until then, and is not accepted later', async () => {
  const line = holdLine(greedy);
  const startedAt = performance.now();
  const large = post(greedy, BATCH, batchOf(1, 100_000));
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4 - 100_000)).toThrow(Overloaded));
  const answer = await large;
  expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await line.letGo();
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4)).not.toThrow());
  expect(await storedFor(greedy)).toBe(0);
});

test('A large body whose sender is gone before its turn is not accepted, and its room is free again', async () => {
  const line = holdLine(greedy);
  const gone = new AbortController();
  const sent = fetch(`${api.url}${BATCH}`, {
    method: 'POST',
    signal: gone.signal,
    headers: { authorization: `Bearer ${greedy.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(batchOf(1, 100_000)),
  }).catch(() => 'gone');
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4 - 100_000)).toThrow(Overloaded));
  gone.abort();
  const isGone = ({ fields }: TestApi['log'][number]) => fields?.['tenant'] === greedy.id && fields['status'] === 499;
  expect(await sent).toBe('gone');
  await eventually(() => expect(api.log.some(isGone)).toBe(true));
  await line.letGo();
  await eventually(() => expect(finds(greedy, ROOM_BYTES / 4)).not.toThrow());
  expect(await storedFor(greedy)).toBe(0);
});

const long = 'x'.repeat(100_000);
test.each([
  ['that is not JSON', `{"events":[{"type":"${long}"]}`, 'The body is not valid JSON'],
  [
    'that is no UTF-8',
    Buffer.concat([Buffer.from(`{"a":"${long}`), Buffer.from([0xff])]),
    'The body is not valid UTF-8',
  ],
  [
    'that is too deep',
    `{"a":"${long}","b":${'['.repeat(64)}${']'.repeat(64)}}`,
    'The body is nested deeper than 64 levels',
  ],
  [
    'with an unknown field',
    `{"events":[{"type":"domain.verified","data":{},"a":"${long}"}]}`,
    'events.0.a is not a field of this request',
  ],
  [
    'of an unknown type',
    `{"events":[{"type":"nothing","data":"${long}"}]}`,
    'events.0.type is not an event type of this tenant',
  ],
])('A large body %s is refused as a small one is', async (_, raw, detail) => {
  const answer = await api.request('POST', BATCH, { key: greedy.key, raw });
  expect([answer.status, answer.body.detail]).toEqual([400, detail]);
  const small = Buffer.isBuffer(raw) ? Buffer.from([0xff]) : raw.replace(long, '');
  const again = await api.request('POST', BATCH, { key: greedy.key, raw: small });
  expect([again.status, again.body.detail]).toEqual([400, detail]);
});
