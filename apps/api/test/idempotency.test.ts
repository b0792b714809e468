import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addEndpoint, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let second: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
  second = await startApi({ databaseUrl: api.databaseUrl });
  tenant = await api.tenant();
  await addEndpoint(api, tenant.key);
});
afterAll(async () => {
  await second.close();
  await api.close();
});

const event = (fields: object = {}) => ({ type: 'domain.verified', jobId: 'j', data: { hostname: 'a' }, ...fields });
const post = (body: unknown, key?: string, at = api, who = tenant.key) =>
  at.request('POST', '/v1/events', { key: who, body, headers: key === undefined ? {} : { 'idempotency-key': key } });
const batch = (events: unknown[], key?: string) =>
  api.request('POST', '/v1/events/batch', {
    key: tenant.key,
    body: { events },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
const accepted = async () => (await api.request('GET', '/v1/ledger', { key: tenant.key })).body.events_accepted;

describe('one event', () => {
  test('the same key and body give the first answer again', async () => {
    const [first, again, inBody] = [
      await post(event(), 'k1'),
      await post(event(), 'k1'),
      await post(event({ id: 'k1' })),
    ];
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    expect([again.status, again.headers.get('idempotent-replayed'), again.text]).toEqual([202, 'true', first.text]);
    expect([inBody.headers.get('idempotent-replayed'), inBody.text]).toEqual(['true', first.text]);
  });

  test('white space and the order of fields do not matter, a digit does', async () => {
    const raw = (text: string) => api.request('POST', '/v1/events', { key: tenant.key, raw: text });
    const first = await raw('{"id":"k2","type":"domain.verified","data":{"hostname":"a","n":1.0}}');
    const same = await raw('{ "data" : { "hostname":"a", "n":1.0 } , "type":"domain.verified", "id":"k2" }');
    expect(same.text).toBe(first.text);
    expect((await raw('{"id":"k2","type":"domain.verified","data":{"hostname":"a","n":1.00}}')).status).toBe(409);
  });

  test.each([{ type: 'domain.drift' }, { jobId: 'other' }, { jobId: null }, { data: { hostname: 'b' } }])(
    '409 with another body: %j',
    async (change) => {
      const key = `k3-${JSON.stringify(change)}`;
      await post(event(), key);
      const answer = await post(event(change), key);
      expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    },
  );

  test('at once, in two processes: one event, one answer', async () => {
    const before = await accepted();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(event(), 'race', index % 2 ? api : second)),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(answers.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1);
    expect(await accepted()).toBe(before + 1);
  });

  test('at once with different bodies: one wins, the others are 409', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post(event({ jobId: `r${index}` }), 'race-2')),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      202,
      ...Array.from({ length: 9 }, () => 409),
    ]);
  });

  test('at once, alone and as a batch, in two processes: one of the two is accepted, the other is a conflict', async () => {
    for (let round = 0; round < 5; round += 1) {
      const before = await accepted();
      const key = `race-of-kinds-${round}`;
      const one = event({ jobId: key });
      const answers = await Promise.all([post(one, key), batch([one], key), post(one, key, second), batch([one], key)]);
      const statuses = answers.map(({ status }) => status);
      expect([
        [202, 409, 202, 409],
        [409, 202, 409, 202],
      ]).toContainEqual(statuses);
      expect(await accepted()).toBe(before + 1);
    }
  });

  test('at once in two processes, several keys in another order: all or none, and nothing stands still', async () => {
    const keyed = (ids: readonly string[]) => ids.map((id) => event({ id, jobId: id }));
    const ids = ['o1', 'o2', 'o3', 'o4'];
    const before = await accepted();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const events = keyed(index % 2 ? ids : [...ids].reverse());
        return (index % 3 ? api : second).request('POST', '/v1/events/batch', { key: tenant.key, body: { events } });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const first = new Map(answers[0]?.body.events.map(({ id, jobId }) => [jobId, id]));
    for (const { body } of answers) for (const { id, jobId } of body.events) expect(first.get(jobId)).toBe(id);
    expect(await accepted()).toBe(before + ids.length);
  });

  test('a key is its tenant’s alone', async () => {
    const other = await api.tenant();
    await post(event(), 'shared');
    const answer = await post(event({ jobId: 'different' }), 'shared', api, other.key);
    expect([answer.status, answer.headers.has('idempotent-replayed')]).toEqual([202, false]);
  });

  test('400 when header and body differ, or the key is empty or too long', async () => {
    expect((await post(event({ id: 'a' }), 'b')).status).toBe(400);
    expect((await post(event(), '')).status).toBe(400);
    expect((await post(event(), 'x'.repeat(256))).status).toBe(400);
    expect((await post(event({ id: 'same' }), 'same')).status).toBe(202);
    expect((await post(event(), 'x'.repeat(255))).status).toBe(202);
  });
});

describe('a key whose answer came from the pair', () => {
  const half = (over: object = {}) => event({ type: 'ssl.issued', data: { hostname: 'a' }, ...over });

  test('is remembered: after a drift its repetition still gives the first answer', async () => {
    const first = await post(half({ jobId: 'kept' }));
    expect((await post(half({ jobId: 'kept' }), 'kept-key')).text).toBe(first.text);
    await post(event({ type: 'domain.drift', jobId: 'kept', data: { hostname: 'a' } }));
    const again = await post(half({ jobId: 'kept' }), 'kept-key');
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
  });

  test('refuses another body', async () => {
    await post(half({ jobId: 'taken' }));
    await post(half({ jobId: 'taken' }), 'taken-key');
    expect((await post(event({ jobId: 'other' }), 'taken-key')).status).toBe(409);
  });

  test('twice in one batch is the same answer twice', async () => {
    const first = await post(half({ jobId: 'doubled' }));
    const both = half({ jobId: 'doubled', id: 'doubled-key' });
    const { status, body } = await batch([both, both]);
    expect(status).toBe(202);
    expect(body.events).toEqual([first.body, first.body]);
  });
});

describe('a batch', () => {
  test('its key covers the whole of it', async () => {
    const events = [event({ jobId: '1' }), event({ jobId: '2' })];
    const first = await batch(events, 'b1');
    const before = await accepted();
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    const again = await batch(events, 'b1');
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    expect(await accepted()).toBe(before);
    expect((await batch(events.slice(0, 1), 'b1')).status).toBe(409);
    expect((await batch([...events, event()], 'b1')).status).toBe(409);
    expect(await accepted()).toBe(before);
  });

  test('shares its keys with single events: the same key is never two things', async () => {
    await batch([event({ jobId: '1' })], 'shared-batch');
    expect((await post(event({ jobId: '1' }), 'shared-batch')).status).toBe(409);
    await post(event({ jobId: '1' }), 'shared-single');
    expect((await batch([event({ jobId: '1' })], 'shared-single')).status).toBe(409);
    expect((await post(event(), 'shared-batch/0')).status).toBe(202);
  });

  test('each event may bring its own id; a conflict names it and accepts none', async () => {
    const first = await batch([event({ id: 'i1' }), event({ id: 'i2' })]);
    const before = await accepted();
    const mixed = await batch([event({ id: 'i1' }), event({ id: 'i3' })]);
    expect(mixed.body.events[0]).toEqual(first.body.events[0]);
    expect(await accepted()).toBe(before + 1);
    const clash = await batch([event({ id: 'i4' }), event({ id: 'i2', jobId: 'other' })]);
    expect([clash.status, clash.body.detail]).toEqual([409, expect.stringContaining('"i2"')]);
    expect(await accepted()).toBe(before + 1);
  });

  test('one id twice is one event', async () => {
    const { body } = await batch([event({ id: 'twice' }), event({ id: 'twice' })]);
    expect(body.events[0]).toEqual(body.events[1]);
  });

  test('400 with a key in the header and another in an event', async () => {
    const answer = await batch([event(), event({ id: 'x' })], 'b2');
    expect(answer.body.errors[0].path).toBe('events.1.id');
  });
});
