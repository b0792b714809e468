import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { newId } from '@posthorn/runtime/new-id';
import { Overloaded } from '@posthorn/runtime/overloaded';
import { closeDatabase, openDatabase } from '@posthorn/store/open-database';
import { eventually } from '@posthorn/testkit/eventually';
import { keyIdOf, makeApiKey } from '../src/http/api-key.ts';
import { holdBody } from './hold-body.ts';
import { sendRaw } from './send-raw.ts';
import { addEndpoint, addEvent, startApi, type TestApi, type TestTenant } from './start-api.ts';

/** Much less than the 3 s that a statement waits for a row. */
const ROW_HELD_MS = 1_000;
const BATCH_BYTES = 4_194_304;
const BATCHES = 8;
const CROWD = 500;
/** A process that is busy may be quiet for a while before it closes a connection. */
const CLOSED_MS = 15_000;

let api: TestApi;
let greedy: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  api = await startApi();
  greedy = await api.tenant();
  other = await api.tenant();
});
afterAll(() => api.close());

const event = { type: 'domain.verified', jobId: 'job-1', data: { hostname: 'app.customer.example' } };
const batch = ({ key }: TestTenant) => api.request('POST', '/v1/events/batch', { key, body: { events: [event] } });

/** Announces a large batch and sends none of it. */
function announceBatch({ key }: TestTenant): Promise<Socket> {
  const { hostname, port } = new URL(api.url);
  const head = [
    'POST /v1/events/batch HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${BATCH_BYTES}`,
  ];
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      resolve(socket);
    });
    socket.on('error', () => undefined);
  });
}

test('Who fills the room for request bodies fills their own: others post on, and it is free again once they are gone', async () => {
  const sockets = await Promise.all(Array.from({ length: BATCHES }, () => announceBatch(greedy)));
  const id = decodeTypeId('tenant', greedy.id) ?? '';
  await eventually(() => expect(() => holdBody(api.deps.bodyRoom, id, 1)()).toThrow(Overloaded));
  const refused = await batch(greedy);
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
  expect((await batch(other)).status).toBe(202);
  for (const socket of sockets) socket.destroy();
  await eventually(async () => expect((await batch(greedy)).status).toBe(202));
});

test('A body that announces more than its route takes is refused as too large, and takes no more room than the route’s longest', async () => {
  const answer = await api.request('POST', '/v1/events', { key: greedy.key, raw: 'x'.repeat(40_000_000) });
  expect(answer.status).toBe(413);
});

test('Keyed events of four tenants that all wait for their rows leave connections for the plain events of others', async () => {
  const limited = await Promise.all(Array.from({ length: 4 }, () => api.tenant()));
  for (const { id } of limited) {
    await api.request('PATCH', `/v1/tenants/${id}`, {
      key: api.adminKey,
      body: { quotas: { events_per_month: 1_000 } },
    });
  }
  const held: ReturnType<TestApi['request']>[] = [];
  const database = openDatabase(api.databaseUrl, 1);
  const ids = limited.map(({ id }) => decodeTypeId('tenant', id));
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM tenant_quotas WHERE tenant_id = ANY (${ids}::text[]::uuid[]) FOR UPDATE`;
    for (const { key } of limited) {
      for (let index = 0; index < 4; index += 1) {
        const headers = { 'Idempotency-Key': `held-${index}` };
        held.push(api.request('POST', '/v1/events', { key, body: event, headers }));
      }
    }
    for (let index = 0; index < 5; index += 1) {
      const startedAt = performance.now();
      await addEvent(api, other.key);
      expect(performance.now() - startedAt).toBeLessThan(ROW_HELD_MS);
    }
  });
  await closeDatabase(database);
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual(held.map(() => 202));
});

test('Writes of one tenant that all wait for one row leave connections for the posts of others', async () => {
  const { id } = await addEndpoint(api, greedy.key);
  const held: ReturnType<TestApi['request']>[] = [];
  const database = openDatabase(api.databaseUrl, 1);
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM endpoints WHERE id = ${decodeTypeId('endpoint', id)}::uuid FOR UPDATE`;
    for (let index = 0; index < 24; index += 1) {
      const body = { description: `change ${index}` };
      held.push(api.request('PATCH', `/v1/webhook-endpoints/${id}`, { key: greedy.key, body }));
    }
    for (let index = 0; index < 5; index += 1) {
      const startedAt = performance.now();
      await addEvent(api, other.key);
      expect(performance.now() - startedAt).toBeLessThan(ROW_HELD_MS);
    }
  });
  await closeDatabase(database);
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual(held.map(() => 200));
});

test('Slow reads of one tenant wait for each other, and those of another tenant do not', async () => {
  const { takeTurn } = api.deps.forReading;
  let finish = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const id = decodeTypeId('tenant', greedy.id) ?? '';
  const turns = Array.from({ length: 3 }, () => takeTurn(id, () => slow));
  let answered = false;
  const read = ({ key }: TestTenant) => api.request('GET', '/v1/webhook-deliveries', { key });
  const waiting = read(greedy).then((answer) => {
    answered = true;
    return answer;
  });
  expect((await read(other)).status).toBe(200);
  expect(answered).toBe(false);
  finish();
  await Promise.all(turns);
  expect((await waiting).status).toBe(200);
});

/** A connection that has been accepted, and will ask as whoever has the key. */
async function openConnection(key: string): Promise<{ ask: () => Promise<void>; close: () => void }> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const answered = async () => void (await once(socket, 'data'));
  const ask = () => {
    socket.write(`GET /livez HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
    return answered();
  };
  await once(socket, 'connect');
  await ask();
  return { ask, close: () => socket.destroy() };
}

const repeatKey = () => Array.from({ length: CROWD }, () => greedy.key);
const inventKeys = () => Array.from({ length: CROWD }, () => makeApiKey(newId()).key);
/** Keys of one tenant that the API has met. */
const addKeys = () =>
  Array.from({ length: CROWD }, () => {
    const id = newId();
    const { key, digest } = makeApiKey(id);
    const known = api.deps.keyMemory.recall(keyIdOf(greedy.key) ?? '');
    if (known) api.deps.keyMemory.keep({ ...known, id, digest });
    return key;
  });

test.each([
  ['with one key', repeatKey],
  ['with as many keys of one tenant', addKeys],
  ['with as many keys that do not exist', inventKeys],
])(
  'Five hundred requests at once, %s, wait for most of them behind the one that another sends after that',
  async (_, makeKeys) => {
    // A key is known once it was used.
    for (const { key } of [greedy, other]) await addEvent(api, key);
    const crowd = await Promise.all(makeKeys().map(openConnection));
    const single = await openConnection(other.key);
    let answered = 0;
    const answers = crowd.map(({ ask }) => ask().then(() => (answered += 1)));
    await single.ask();
    expect(answered).toBeLessThan(CROWD / 2);
    await Promise.all(answers);
    for (const { close } of [...crowd, single]) close();
  },
);

const answersIn = (received: string): number => received.split('HTTP/1.1 200 OK').length - 1;

test('Sixteen requests may be sent on a connection before they are answered; one that sends thousands is closed, and another’s goes through', async () => {
  const ask = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  const sixteen = await sendRaw(api.url, ask.repeat(16), 2_000);
  expect([answersIn(sixteen.received), sixteen.closed]).toEqual([16, false]);
  const [thousands] = await Promise.all([sendRaw(api.url, ask.repeat(5_000), CLOSED_MS), addEvent(api, other.key)]);
  expect(thousands.closed).toBe(true);
  expect(answersIn(thousands.received)).toBeLessThanOrEqual(16);
});

test('A connection may send as many requests as it likes, each after the answer to the one before', async () => {
  const { ask, close } = await openConnection(other.key);
  let answered = 0;
  for (; answered < 40; answered += 1) await ask();
  close();
  expect(answered).toBe(40);
});
