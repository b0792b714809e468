import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { runSql } from '@posthorn/testkit/run-sql';
import {
  addEndpoint,
  addEvent,
  deliveriesOf,
  startApi,
  type TestApi,
  type TestTenant,
  unknownId,
} from './start-api.ts';

interface Made {
  readonly outcome: string;
  readonly status: number | null;
  readonly ms: number;
}

/** Oldest first, a second apart; the first two are of one delivery, the others of another endpoint's. */
const made: readonly Made[] = [
  { outcome: 'rejected', status: 500, ms: 40 },
  { outcome: 'succeeded', status: 200, ms: 0 },
  { outcome: 'timeout', status: null, ms: 10_000 },
  { outcome: 'network_error', status: null, ms: 3 },
  { outcome: 'rejected', status: 404, ms: 900 },
];
const START = '2026-07-02T12:00:00.000Z';
const at = (second: number): string => new Date(Date.parse(START) + second * 1_000).toISOString();

let api: TestApi;
let tenant: TestTenant;
let endpoints: string[];
let deliveries: string[];

/** A tenant with those attempts. */
async function makeSubject() {
  const own = await api.tenant();
  const ids = [(await addEndpoint(api, own.key)).id, (await addEndpoint(api, own.key)).id] as [string, string];
  const event = await addEvent(api, own.key);
  const rows = await deliveriesOf(api, own.key, event.id);
  const of = ids.map((id) => String(rows.find((row) => row.endpoint_id === id)?.id));
  for (const [index, { outcome, status, ms }] of made.entries()) {
    await runSql(
      api.databaseUrl,
      `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status, response_body, request_headers)
       SELECT id, $2, gen_random_uuid(), tenant_id, endpoint_id, $3, $4, $5, $6, 'a body', '{"a":"b"}' FROM deliveries WHERE id = $1`,
      [decodeTypeId('delivery', of[index < 2 ? 0 : 1] ?? ''), index + 1, at(index), ms, outcome, status],
    );
  }
  return { own, ids, of };
}

beforeAll(async () => {
  api = await startApi();
  const subject = await makeSubject();
  await makeSubject();
  [tenant, endpoints, deliveries] = [subject.own, subject.ids, subject.of];
});
afterAll(() => api.close());

const list = (query: string, key = tenant.key) => api.request('GET', `/v1/webhook-attempts?${query}`, { key });
const numbers = async (query: string): Promise<number[]> =>
  (await list(query)).body.data.map(({ number }: { number: number }) => number);

describe('The list of attempts', () => {
  test('shows whose each attempt is and how it went, newest first, without headers and bodies', async () => {
    const { status, body } = await list('');
    expect([status, body.next_cursor, body.data.length]).toEqual([200, null, made.length]);
    expect(body.data[0]).toEqual({
      id: expect.stringMatching(/^att_/),
      delivery_id: deliveries[1],
      endpoint_id: endpoints[1],
      type: 'domain.verified',
      number: 5,
      started_at: at(4),
      duration_ms: 900,
      outcome: 'rejected',
      response_status: 404,
      error: null,
    });
    expect(await numbers('')).toEqual([5, 4, 3, 2, 1]);
  });

  test.each<[query: () => string, expected: number[]]>([
    [() => 'outcome=rejected', [5, 1]],
    [() => 'outcome=timeout,rejected,timeout', [5, 3, 1]],
    [() => 'outcome=blocked,interrupted', []],
    [() => `endpoint_id=${endpoints[0]}`, [2, 1]],
    [() => `endpoint_id=${unknownId('ep')}`, []],
    [() => 'answered=true', [5, 2, 1]],
    [() => 'min_duration_ms=0', [5, 4, 3, 2, 1]],
    [() => 'min_duration_ms=40', [5, 3, 1]],
    [() => 'min_duration_ms=2147483647', []],
    [() => `started_after=${at(3)}`, [5, 4]],
    [() => `started_before=${at(3)}`, [3, 2, 1]],
    [() => `started_after=${at(1)}&started_before=${at(4)}&answered=true`, [2]],
    [() => `outcome=rejected,timeout&min_duration_ms=41&endpoint_id=${endpoints[1]}&answered=true`, [5]],
    [() => `started_after=9999-12-31T23:59:59Z`, []],
    [() => `started_before=0001-01-01T00:00:00Z`, []],
  ])('is narrowed to what fits %s', async (query, expected) => {
    expect(await numbers(query())).toEqual(expected);
  });

  test('pages without gap or repeat, under a filter too', async () => {
    for (const [query, expected] of [
      ['limit=2', [5, 4, 3, 2, 1]],
      ['limit=1&outcome=rejected', [5, 1]],
    ] as const) {
      const seen: number[] = [];
      let cursor = '';
      do {
        const { body } = await list(`${query}${cursor}`);
        seen.push(...body.data.map(({ number }: { number: number }) => number));
        cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
      } while (cursor);
      expect(seen).toEqual(expected);
    }
  });

  test('shows a tenant its own alone, with another’s cursor and another’s endpoint too', async () => {
    const stranger = await api.tenant();
    const { body } = await list('limit=2');
    for (const query of ['', `cursor=${body.next_cursor}`, `endpoint_id=${endpoints[0]}`]) {
      expect((await list(query, stranger.key)).body).toEqual({ data: [], next_cursor: null });
    }
  });

  test('takes no cursor of another list, and no other takes its own', async () => {
    const { body } = await list('limit=2');
    const ofAttempts = (path: string) =>
      api.request('GET', `${path}?limit=1&cursor=${body.next_cursor}`, { key: tenant.key });
    for (const path of ['/v1/webhook-deliveries', `/v1/webhook-deliveries/${deliveries[0]}/attempts`]) {
      const answer = await ofAttempts(path);
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, 'cursor']);
    }
    const ofOne = await api.request('GET', `/v1/webhook-deliveries/${deliveries[0]}/attempts?limit=1`, {
      key: tenant.key,
    });
    expect(ofOne.body.next_cursor).toMatch(/^[\w-]+$/);
    const answer = await list(`cursor=${ofOne.body.next_cursor}`);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, 'cursor']);
  });

  test.each([
    ['outcome=', /^must be one of succeeded, .* with commas between$/],
    ['outcome=failed', /^must be one of/],
    ['outcome=rejected, timeout', /^must be one of/],
    ['answered=false', /^must be true/],
    ['answered=', /^must be true/],
    ['min_duration_ms=-1', /^must be a whole number from 0 to 2147483647$/],
    ['min_duration_ms=1.5', /^must be a whole number/],
    ['min_duration_ms=2147483648', /^must be a whole number/],
    ['min_duration_ms=', /^must be a whole number/],
    ['min_duration_ms=0x10', /^must be a whole number/],
    ['started_after=yesterday', /RFC 3339/],
    ['started_before=2026-07-02', /RFC 3339/],
    ['endpoint_id=dlv_x', /valid id|pattern|must/],
    ['limit=0', /^must be a whole number from 1 to 200$/],
    ['cursor=abc', /not a cursor of this list/],
    ['delivery_id=dlv_x', /./],
  ])('400 for ?%s', async (query, message) => {
    const { status, body } = await list(query);
    expect([status, body.errors]).toEqual([
      400,
      [{ path: query.split('=')[0], message: expect.stringMatching(message) }],
    ]);
  });

  test('403 for a key that may not read', async () => {
    const { body } = await api.request('POST', `/v1/tenants/${tenant.id}/api-keys`, {
      key: api.adminKey,
      body: { name: 'poster', scopes: ['events:write'] },
    });
    expect((await list('', body.api_key)).status).toBe(403);
  });
});
