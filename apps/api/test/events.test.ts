import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
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

const valid = { type: 'domain.verified', data: { hostname: 'a.example' } };
const post = (body: unknown, path = '/v1/events') => api.request('POST', path, { key: tenant.key, body });
const postRaw = (raw: string, path = '/v1/events') => api.request('POST', path, { key: tenant.key, raw });
const pathsOf = (answer: ApiAnswer) => answer.body.errors.map(({ path }) => path);
const payloadOf = async (id: string) =>
  (await api.request('GET', `/v1/events/${id}`, { key: tenant.key })).body.payload;

describe('POST /v1/events', () => {
  test('202 with one delivery per endpoint that wants the type', async () => {
    const own = await api.tenant();
    await addEndpoint(api, own.key);
    await addEndpoint(api, own.key, { events: ['domain.verified', 'domain.drift'] });
    await addEndpoint(api, own.key, { events: ['domain.drift'] });
    const event = await addEvent(api, own.key);
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'domain.verified',
      jobId: 'job-1',
      sent_at: expect.stringMatching(/\.\d{3}Z$/),
      deliveries: 2,
    });
    const deliveries = await deliveriesOf(api, own.key, event.id);
    expect(deliveries.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    await eventually(async () => {
      expect((await api.deps.producer.countJobs())['waiting']).toBeGreaterThanOrEqual(2);
    });
  });

  test('202 with jobId missing, null, and of 200 characters', async () => {
    expect((await post(valid)).body.jobId).toBeNull();
    expect((await post({ ...valid, jobId: null })).body.jobId).toBeNull();
    expect((await post({ ...valid, jobId: 'é'.repeat(200) })).body.jobId).toHaveLength(200);
  });

  test.each([
    [{}, ['type', 'data']],
    [{ ...valid, type: 'nope' }, ['type']],
    [{ ...valid, type: 5 }, ['type']],
    [{ type: 'domain.verified' }, ['data']],
    [{ ...valid, data: null }, ['data']],
    [{ ...valid, data: {} }, ['data.hostname']],
    [{ ...valid, data: { hostname: 5 } }, ['data.hostname']],
    [{ type: 'domain.added', data: {} }, ['data.hostname', 'data.setup_type']],
    [{ ...valid, jobId: '' }, ['jobId']],
    [{ ...valid, jobId: 7 }, ['jobId']],
    [{ ...valid, jobId: 'x'.repeat(201) }, ['jobId']],
    [{ ...valid, jobId: 'a\u0000' }, ['jobId']],
    [{ ...valid, jobId: '\udc00' }, ['jobId']],
    [{ ...valid, id: '' }, ['id']],
    [{ ...valid, id: 'x'.repeat(256) }, ['id']],
    [{ ...valid, job_id: 'x' }, ['job_id']],
    [[], ['']],
    ['text', ['']],
    [null, ['']],
  ])('400 for %j names %j', async (body, paths) => {
    const answer = await post(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid']);
    expect(pathsOf(answer)).toEqual(paths);
  });

  test('data is kept as it was written', async () => {
    const data =
      '{ "hostname" : "a", "n":[1.10, 1e400, 12345678901234567890, -0], "t" : "\\u0000\\ud800 \\"}" , "__proto__": {"x": 1}, "d": 1, "d" : 2 }';
    const { body } = await postRaw(`{"type":"domain.verified","data":{"hostname":"lost"},"d\\u0061ta":${data}}`);
    const kept =
      '{"hostname":"a","n":[1.10,1e400,12345678901234567890,-0],"t":"\\u0000\\ud800 \\"}","__proto__":{"x":1},"d":1,"d":2}';
    expect(await payloadOf(body.id)).toBe(
      `{"type":"domain.verified","jobId":null,"data":${kept},"sent_at":"${body.sent_at}"}`,
    );
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('many at once share statements and lose nothing', async () => {
    const own = [await api.tenant(), await api.tenant()];
    for (const { key } of own) await addEndpoint(api, key);
    const bodies = Array.from({ length: 200 }, (_, index) => ({ ...valid, jobId: `many-${index}` }));
    const answers = await Promise.all(
      bodies.map((body, index) => api.request('POST', '/v1/events', { key: own[index % 2]?.key ?? null, body })),
    );
    expect(answers.map(({ status, body }) => [status, body.jobId, body.deliveries])).toEqual(
      bodies.map(({ jobId }) => [202, jobId, 1]),
    );
    for (const { key } of own) {
      const { body } = await api.request('GET', '/v1/ledger', { key });
      expect(body).toMatchObject({ events_accepted: 100, deliveries: 100, balanced: true });
    }
  });
});

describe('POST /v1/events/batch', () => {
  const batch = (events: unknown[]) => post({ events }, '/v1/events/batch');

  test('202 in order, 1000 at once', async () => {
    const answer = await batch(Array.from({ length: 1_000 }, (_, index) => ({ ...valid, jobId: `b-${index}` })));
    expect(answer.status).toBe(202);
    expect(answer.body.events.map(({ jobId }: { jobId: string }) => jobId)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `b-${index}`),
    );
  });

  test.each([
    [[], ['events']],
    [Array.from({ length: 1_001 }, () => valid), ['events']],
    [[valid, { ...valid, type: 'nope' }], ['events.1.type']],
    [[valid, { ...valid, data: {} }], ['events.1.data.hostname']],
    [[valid, { ...valid, x: 1 }], ['events.1.x']],
    [[valid, { type: 'domain.verified' }], ['events.1.data']],
  ])('400 accepts none of them (%#)', async (events, paths) => {
    const before = (await api.request('GET', '/v1/ledger', { key: tenant.key })).body.events_accepted;
    const answer = await batch(events);
    expect(answer.status).toBe(400);
    expect(pathsOf(answer)).toEqual(paths);
    expect((await api.request('GET', '/v1/ledger', { key: tenant.key })).body.events_accepted).toBe(before);
  });

  test('each event keeps its own data as written', async () => {
    const { body } = await postRaw(
      '{"events":[{"type":"domain.verified","data":{"hostname":"a","n":1.10}}, {"data": {"hostname":"b","n":[ 2.0 ]},"type":"domain.verified"}]}',
      '/v1/events/batch',
    );
    const payloads = await Promise.all(body.events.map(({ id }: { id: string }) => payloadOf(id)));
    expect(payloads[0]).toContain('{"hostname":"a","n":1.10}');
    expect(payloads[1]).toContain('{"hostname":"b","n":[2.0]}');
  });

  test('larger than 256 KiB passes, larger than 4 MiB is 413', async () => {
    const data = { hostname: 'a', fill: 'x'.repeat(10_000) };
    const events = (count: number) => Array.from({ length: count }, () => ({ ...valid, data }));
    expect((await batch(events(100))).status).toBe(202);
    expect((await batch(events(500))).status).toBe(413);
  });
});

describe('GET /v1/events', () => {
  const list = (query: string, key = tenant.key) => api.request('GET', `/v1/events${query}`, { key });

  test('filters by type, jobId and time', async () => {
    const own = await api.tenant();
    const first = await addEvent(api, own.key, { jobId: 'one' });
    await eventually(() => Date.now() > Date.parse(first.sent_at));
    const second = await addEvent(api, own.key, { jobId: 'two', type: 'domain.drift' });
    const ids = async (query: string) => (await list(query, own.key)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual([second.id, first.id]);
    expect(await ids('?type=domain.drift')).toEqual([second.id]);
    expect(await ids('?jobId=one')).toEqual([first.id]);
    expect(await ids(`?created_after=${second.sent_at}`)).toEqual([second.id]);
    expect(await ids(`?created_before=${second.sent_at}`)).toEqual([first.id]);
    expect(await ids(`?created_after=${first.sent_at}&created_before=${second.sent_at}&limit=1`)).toEqual([first.id]);
    expect(await ids('?created_before=1969-01-01T00:00:00Z')).toEqual([]);
    expect(await ids('?created_after=9999-12-31T23:59:59%2B01:00')).toEqual([]);
  });

  test('pages are stable while events arrive', async () => {
    const own = await api.tenant();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) made.unshift((await addEvent(api, own.key)).id);
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await list(`?limit=3${cursor}`, own.key);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      await addEvent(api, own.key);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(made);
  });

  test.each([
    'limit=0',
    'limit=201',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'limit=-1',
    'cursor=nope',
    'cursor=',
    'cursor=MSBpZCB4',
    'created_after=yesterday',
    'created_after=2026-13-01T00:00:00Z',
    'jobId=',
    'jobId=%00',
    'type=%00',
    'unknown=1',
  ])('400 for ?%s', async (query) => {
    const answer = await list(`?${query}`);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [query.split('=')[0]]]);
  });

  test('404 for one that does not exist', async () => {
    for (const id of [unknownId('evt'), 'evt_x', unknownId('dlv')])
      expect((await api.request('GET', `/v1/events/${id}`, { key: tenant.key })).status).toBe(404);
  });
});
