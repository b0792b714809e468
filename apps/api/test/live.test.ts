import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeTypeId, encodeTypeId } from '@posthorn/domain/type-id';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { startProcess } from '@posthorn/testkit/start-process';
import { type Proxy, startProxy } from '@posthorn/testkit/start-proxy';
import { createLiveStreams } from '../src/live/create-live-streams.ts';
import {
  addEndpoint,
  addEvent,
  addKey,
  deliveriesOf,
  type Shown,
  startApi,
  type TestApi,
  type TestTenant,
  unknownId,
} from './start-api.ts';

interface SentEvent {
  readonly event: string;
  readonly data: Shown;
}

/** A stream as a browser reads it. */
interface OpenStream {
  readonly response: Response;
  /** All that came so far. */
  readonly events: SentEvent[];
  /** Ids of the deliveries that came, in order. */
  ids(): string[];
  hasEnded(): boolean;
  close(): void;
}

let api: TestApi;
let postgres: Proxy;
let tenant: TestTenant;
const streams: OpenStream[] = [];
beforeAll(async () => {
  postgres = await startProxy(await createTestDatabase());
  api = await startApi({ databaseUrl: postgres.url });
  tenant = await newTenant();
});
afterEach(() => {
  postgres.mode('pass');
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(async () => {
  await api.close();
  await postgres.close();
});

async function newTenant(): Promise<TestTenant> {
  const made = await api.tenant();
  await addEndpoint(api, made.key);
  return made;
}

/** Fields of one event; comments and the time to wait before connecting again are none. */
function parseEvent(text: string): SentEvent | null {
  const fields = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const),
  );
  const event = fields.get('event');
  return event === undefined ? null : { event, data: JSON.parse(fields.get('data') ?? '{}') as Shown };
}

async function readInto(response: Response, events: SentEvent[]): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    events.push(...parts.map(parseEvent).filter((event) => event !== null));
  }
}

async function connect(url: string, query: string, headers: Record<string, string>): Promise<OpenStream> {
  const abort = new AbortController();
  const response = await fetch(`${url}/v1/stream?${query}`, { headers, signal: abort.signal });
  const events: SentEvent[] = [];
  let ended = false;
  void readInto(response, events)
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  const stream = {
    response,
    events,
    ids: () => events.filter(({ event }) => event === 'delivery').map(({ data }) => data.id),
    hasEnded: () => ended,
    close: () => abort.abort(),
  };
  streams.push(stream);
  return stream;
}

/** A stream that has begun. */
async function open(query = '', key = tenant.key, headers: Record<string, string> = {}): Promise<OpenStream> {
  const stream = await connect(api.url, query, { authorization: `Bearer ${key}`, ...headers });
  expect(stream.response.status).toBe(200);
  await eventually(() => expect(stream.events[0]).toEqual({ event: 'ready', data: {} }));
  return stream;
}

/** Long enough for two looks. */
const twoLooks = () => delay(2_200);
const uuidOf = (id: string): string => decodeTypeId('delivery', id) ?? '';

async function newDelivery(fields: object = {}, key = tenant.key): Promise<Shown> {
  return (await deliveriesOf(api, key, (await addEvent(api, key, fields)).id))[0];
}

const setStatus = (id: string, status: string) =>
  runSql(
    api.databaseUrl,
    `UPDATE deliveries SET status = $2, attempts = 1, due_at = CASE WHEN $2 = 'retrying' THEN now() + interval '1 minute' END,
       completed_at = CASE WHEN $2 <> 'retrying' THEN now() END WHERE id = $1`,
    [uuidOf(id), status],
  );

/** Copies of a delivery, made now or so long ago. */
async function copies(id: string, count: number, agoMs = 0): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    api.databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, job_id, status, attempt_limit, due_at, created_at)
     SELECT uuid_v7_at(now() - $3::int * interval '1 ms'), tenant_id, endpoint_id, event_id, type, job_id, 'pending', attempt_limit, now(), now()
     FROM deliveries, generate_series(1, $2::int) WHERE id = $1 RETURNING id`,
    [uuidOf(id), count, agoMs],
  );
  return rows.map((row) => encodeTypeId('delivery', row.id));
}

describe('a stream', () => {
  test('is of server-sent events, guarded like every answer, and kept by nobody on its way', async () => {
    const { response } = await open();
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  test('brings new deliveries, oldest first, as the list shows them, and each once', async () => {
    await newDelivery();
    const stream = await open();
    const made = [await newDelivery(), await newDelivery(), await newDelivery()];
    await eventually(() => expect(stream.ids()).toEqual(made.map(({ id }) => id)));
    expect(stream.events.slice(1).map(({ data }) => data)).toEqual(made);
    await twoLooks();
    expect(stream.ids()).toHaveLength(3);
  });

  test('brings every change of a delivery that it has sent, until the delivery is final', async () => {
    const stream = await open();
    const { id } = await newDelivery();
    const states = () => stream.events.filter(({ data }) => data.id === id).map(({ data }) => data.status);
    await eventually(() => expect(states()).toEqual(['pending']));
    await setStatus(id, 'retrying');
    await eventually(() => expect(states()).toEqual(['pending', 'retrying']));
    await setStatus(id, 'succeeded');
    await eventually(() => expect(states()).toEqual(['pending', 'retrying', 'succeeded']));
    expect(stream.events.at(-1)?.data).toMatchObject({ attempts: 1, completed_at: expect.any(String) });
  });

  test('goes on after what the client shows, and follows that: first as it is now, then as it changes', async () => {
    const { key } = await newTenant();
    const [first, second] = [await newDelivery({}, key), await newDelivery({}, key)];
    const third = await newDelivery({}, key);
    const stream = await open(`after=${second.id}&watch=${first.id},${second.id},${unknownId('dlv')}`, key);
    await eventually(() => expect(stream.ids()).toEqual([first.id, second.id, third.id]));
    await setStatus(first.id, 'failed');
    await eventually(() => expect(stream.events.at(-1)?.data).toMatchObject({ id: first.id, status: 'failed' }));
    await twoLooks();
    expect(stream.ids()).toEqual([first.id, second.id, third.id, first.id]);
  });

  test('brings a delivery that was committed after a newer one', async () => {
    const stream = await open();
    const newest = await newDelivery();
    await eventually(() => expect(stream.ids()).toEqual([newest.id]));
    const [late] = await copies(newest.id, 1, 2_000);
    await eventually(() => expect(stream.ids()).toEqual([newest.id, late]));
  });

  test('says gap instead of sending more than a hundred at once, and goes on with what is newer', async () => {
    const model = await newDelivery();
    const stream = await open();
    const many = await copies(model.id, 130);
    await eventually(() => expect(stream.events.map(({ event }) => event)).toEqual(['ready', 'gap']));
    const next = await newDelivery();
    await eventually(() => expect(stream.ids()).toEqual([next.id]));
    const newest = [...many].sort().at(-1) ?? '';
    await setStatus(newest, 'succeeded');
    await eventually(() => expect(stream.ids()).toEqual([next.id, newest]));
  });

  test('says no gap for what a client shows already, however much of it is of the last seconds', async () => {
    const { key } = await newTenant();
    const many = await copies((await newDelivery({}, key)).id, 130);
    const newest = [...many].sort().at(-1) ?? '';
    const stream = await open(`after=${newest}`, key);
    const next = await newDelivery({}, key);
    await eventually(() => expect(stream.ids()).toContain(next.id));
    expect(stream.events.map(({ event }) => event)).toEqual(['ready', 'delivery']);
  });

  test('says gap to a browser that connects again, since it may have missed anything', async () => {
    const stream = await open('', tenant.key, { 'last-event-id': 'x' });
    await eventually(() => expect(stream.events.map(({ event }) => event)).toEqual(['ready', 'gap']));
  });
});

describe('the filters of the list', () => {
  test('hold for what is new', async () => {
    const other = await addEndpoint(api, tenant.key, { events: ['domain.drift'] });
    const mine = await newDelivery({ jobId: 'watched' });
    const queries = {
      type: 'type=domain.drift',
      jobId: 'jobId=watched',
      endpoint: `endpoint_id=${other.id}`,
      event: `event_id=${mine.event_id}`,
      status: 'status=failed',
      statuses: 'status=cancelled,failed',
    };
    const opened = await Promise.all(
      Object.entries(queries).map(async ([name, query]) => [name, await open(query)] as const),
    );
    const drift = await addEvent(api, tenant.key, { type: 'domain.drift', jobId: 'drift' });
    const ofDrift = await deliveriesOf(api, tenant.key, drift.id);
    const ofOther = ofDrift.find(({ endpoint_id: id }) => id === other.id)?.id ?? '';
    const watched = await newDelivery({ jobId: 'watched' });
    const [again = ''] = await copies(mine.id, 1);
    const failing = await newDelivery({ jobId: 'fails' });
    await setStatus(failing.id, 'failed');
    const stopped = await newDelivery({ jobId: 'stops' });
    await setStatus(stopped.id, 'cancelled');
    const wanted: Record<keyof typeof queries, string[]> = {
      type: ofDrift.map(({ id }) => id),
      jobId: [watched.id, again],
      endpoint: [ofOther],
      event: [again],
      status: [failing.id],
      statuses: [failing.id, stopped.id],
    };
    await eventually(() => {
      for (const [name, stream] of opened)
        expect([name, stream.ids().sort()]).toEqual([name, wanted[name as keyof typeof queries].sort()]);
    });
    await twoLooks();
    for (const [name, stream] of opened) {
      expect([name, stream.ids().length]).toEqual([name, wanted[name as keyof typeof queries].length]);
    }
    await api.request('DELETE', `/v1/webhook-endpoints/${other.id}`, { key: tenant.key });
  });

  const tooMany = { query: `watch=${'a,'.repeat(100)}a`, path: 'watch' };
  const wrong = [
    'status=nope',
    'status=failed,nope',
    'overdue=true',
    'endpoint_id=nope',
    'after=nope',
    'watch=nope',
    'limit=5',
    'x=1',
  ];
  test.each([...wrong.map((query) => ({ query, path: query.split('=')[0] })), tooMany])(
    '400 for a wrong $path',
    async ({ query, path }) => {
      const answer = await api.request('GET', `/v1/stream?${query}`, { key: tenant.key });
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  test('HEAD is answered and opens no stream', async () => {
    const answer = await api.request('HEAD', '/v1/stream', { key: tenant.key });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('who may read', () => {
  test('nobody sees another tenant’s deliveries, neither new ones nor those they ask for by id', async () => {
    const [{ key }, stranger] = [await newTenant(), await newTenant()];
    const theirs = await newDelivery({}, stranger.key);
    const stream = await open(`watch=${theirs.id}&after=${theirs.id}`, key);
    const [mine] = [await newDelivery({}, key), await newDelivery({}, stranger.key)];
    await setStatus(theirs.id, 'retrying');
    await eventually(() => expect(stream.ids()).toEqual([mine.id]));
    await twoLooks();
    expect(stream.ids()).toEqual([mine.id]);
  });

  test('401 without a key, 403 without the scope, 403 as another tenant, 400 as the operator of none', async () => {
    const narrow = await addKey(api, tenant.id, ['usage:read']);
    const stranger = await api.tenant();
    const cases: [string, string | null, number][] = [
      ['', null, 401],
      ['', narrow.api_key, 403],
      [`tenant=${stranger.id}`, tenant.key, 403],
      ['', api.adminKey, 400],
      [`tenant=${unknownId('ten')}`, api.adminKey, 404],
    ];
    for (const [query, key, status] of cases) {
      const answer = await api.request('GET', `/v1/stream?${query}`, { key });
      expect([query, answer.status]).toEqual([query, status]);
    }
  });

  test('the operator acts as a tenant, by the header or by the query', async () => {
    const byQuery = await open(`tenant=${tenant.id}`, api.adminKey);
    const byHeader = await open('', api.adminKey, { 'x-tenant-id': tenant.id });
    const { id } = await newDelivery();
    await eventually(() => expect([byQuery.ids(), byHeader.ids()]).toEqual([[id], [id]]));
  });

  test('a key that is revoked ends its streams within seconds, and no other', async () => {
    const key = await addKey(api, tenant.id, ['webhooks:read']);
    const [revoked, other] = [await open('', key.api_key), await open()];
    await api.request('DELETE', `/v1/tenants/${tenant.id}/api-keys/${key.id}`, { key: api.adminKey });
    await eventually(() => revoked.hasEnded());
    expect(other.hasEnded()).toBe(false);
  });
});

describe('limits', () => {
  test('a tenant has 20 streams, then 503; one that closes makes room', async () => {
    const own = await api.tenant();
    const opened = await Promise.all(Array.from({ length: 20 }, () => open('', own.key)));
    const refused = await api.request('GET', '/v1/stream', { key: own.key });
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    await open();
    opened[0]?.close();
    await eventually(() => open('', own.key));
  });

  test('a process has so many, whosever they are, and none when it stops', () => {
    const ended: string[] = [];
    const counted = createLiveStreams(3, 2);
    const admit = (id: string) => counted.admit(id, () => void ended.push(id));
    const leave = admit('a');
    admit('a');
    expect(() => admit('a')).toThrow('This tenant has 2 streams open');
    admit('b');
    expect(() => admit('c')).toThrow('Too many streams are open');
    leave();
    leave();
    admit('c');
    expect(() => admit('d')).toThrow('Too many streams are open');
    counted.closeAll();
    expect(ended.sort()).toEqual(['a', 'b', 'c']);
    expect(() => admit('d')).toThrow('This process stops');
  });
});

describe('while PostgreSQL is away', () => {
  test.each(['hang', 'refuse'] as const)(
    '(%s) a stream is silent, and goes on after, without a word in the log',
    async (mode) => {
      const stream = await open();
      const before = await newDelivery();
      await eventually(() => expect(stream.ids()).toEqual([before.id]));
      const lines = api.log.length;
      postgres.mode(mode);
      await delay(6_000);
      expect(stream.hasEnded()).toBe(false);
      const said = api.log.slice(lines).filter(({ level }) => level !== 'info');
      expect(said.filter(({ message }) => !message.startsWith('redis'))).toEqual([]);
      postgres.mode('pass');
      const after = await eventually(() => newDelivery());
      await eventually(() => expect(stream.ids()).toEqual([before.id, after.id]));
    },
  );
});

describe('SIGTERM', () => {
  test('ends open streams, and the process within seconds', async () => {
    const built = await startProcess('api', {
      DATABASE_URL: await createTestDatabase(),
      REDIS_URL: await claimTestRedis(),
    });
    const post = await fetch(`${built.url}/v1/tenants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminKey}`, 'content-type': 'application/json' },
      body: '{"name":"streams"}',
    });
    const { api_key: key } = (await post.json()) as Shown;
    const opened = await Promise.all(
      Array.from({ length: 3 }, () => connect(built.url, '', { authorization: `Bearer ${key}` })),
    );
    await eventually(() => expect(opened.map(({ events }) => events.length)).toEqual([1, 1, 1]));
    const started = Date.now();
    expect(await built.stop()).toBe(0);
    expect(Date.now() - started).toBeLessThan(3_000);
    await eventually(() => opened.every((stream) => stream.hasEnded()));
  });
});
