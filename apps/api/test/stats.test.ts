import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { decodeTypeId, encodeTypeId } from '@posthorn/domain/type-id';
import { type Stats, stats, statsRanges } from '@posthorn/http-api/stats';
import { newId } from '@posthorn/runtime/new-id';
import { isUnavailable } from '@posthorn/store/is-unavailable';
import { openDatabase } from '@posthorn/store/open-database';
import { runSql } from '@posthorn/testkit/run-sql';
import { startProxy } from '@posthorn/testkit/start-proxy';
import fc from 'fast-check';
import { createStatsReader } from '../src/stats/create-stats-reader.ts';
import {
  addEndpoint,
  addEvent,
  deliveriesOf,
  startApi,
  type TestApi,
  type TestTenant,
  unknownId,
} from './start-api.ts';

interface MadeAttempt {
  readonly endpoint: string;
  readonly at: Date;
  readonly durationMs: number;
  readonly outcome: string;
  readonly status: number | null;
}

/** A tenant with a delivery that attempts can be written for. */
interface Subject {
  readonly tenant: TestTenant;
  readonly endpointId: string;
  /** As UUIDs. */
  readonly ids: { readonly tenant: string; readonly delivery: string };
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const uuidOf = (kind: 'tenant' | 'delivery' | 'endpoint', id: string): string => decodeTypeId(kind, id) ?? '';

async function newSubject(): Promise<Subject> {
  const tenant = await api.tenant();
  const endpoint = await addEndpoint(api, tenant.key);
  const [delivery] = await deliveriesOf(api, tenant.key, (await addEvent(api, tenant.key)).id);
  const ids = { tenant: uuidOf('tenant', tenant.id), delivery: uuidOf('delivery', delivery.id) };
  return { tenant, endpointId: endpoint.id, ids };
}

async function write({ ids }: Subject, attempts: readonly MadeAttempt[]): Promise<void> {
  await runSql(
    api.databaseUrl,
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status)
     SELECT $1, (SELECT count(*) FROM attempts WHERE delivery_id = $1) + n, gen_random_uuid(), $2, t.endpoint, t.at, t.ms, t.outcome, t.status
     FROM unnest($3::uuid[], $4::timestamptz[], $5::int[], $6::text[], $7::int[]) WITH ORDINALITY AS t(endpoint, at, ms, outcome, status, n)`,
    [
      ids.delivery,
      ids.tenant,
      attempts.map(({ endpoint }) => uuidOf('endpoint', endpoint)),
      attempts.map(({ at }) => at.toISOString()),
      attempts.map(({ durationMs }) => durationMs),
      attempts.map(({ outcome }) => outcome),
      attempts.map(({ status }) => status),
    ],
  );
}

async function read({ tenant }: Pick<Subject, 'tenant'>, query = ''): Promise<Stats> {
  const { status, text } = await api.request('GET', `/v1/stats?${query}`, { key: tenant.key });
  expect([status, text]).toEqual([200, expect.anything()]);
  return stats.parse(JSON.parse(text));
}

const ago = (ms: number): Date => new Date(Date.now() - ms);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The least duration that so many of a hundred do not exceed, by counting. */
function percentile(durations: readonly number[], percent: number): number | null {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length) ?? null;
}

/** What the figures must be, computed from the attempts themselves. */
function expected({ from, to, bucket_seconds: seconds }: Stats, attempts: readonly MadeAttempt[], count: number) {
  const inside = attempts.filter(({ at }) => at >= new Date(from) && at <= new Date(to));
  const outcomes = (some: readonly MadeAttempt[]) => {
    const succeeded = some.filter(({ outcome }) => outcome === 'succeeded').length;
    return { succeeded, failed: some.length - succeeded };
  };
  const answered = (some: readonly MadeAttempt[]) =>
    some.filter(({ status }) => status !== null).map(({ durationMs }) => durationMs);
  const bucketsOf = (some: readonly MadeAttempt[]) =>
    Array.from({ length: count }, (_, index) => {
      const start = Date.parse(from) + index * seconds * SECOND;
      const end = start + seconds * SECOND;
      const own = some.filter(({ at }) => at.getTime() >= start && at.getTime() < end);
      return { at: new Date(start).toISOString(), own };
    });
  const endpoints = [...new Set(inside.map(({ endpoint }) => endpoint))].map((endpoint) => {
    const own = inside.filter((attempt) => attempt.endpoint === endpoint);
    const buckets = bucketsOf(own).map((bucket) => outcomes(bucket.own));
    return { endpoint_id: endpoint, ...outcomes(own), buckets };
  });
  const all = (one: { succeeded: number; failed: number }) => one.succeeded + one.failed;
  endpoints.sort((a, b) => b.failed - a.failed || all(b) - all(a) || (a.endpoint_id < b.endpoint_id ? -1 : 1));
  return {
    attempts: { total: inside.length, ...outcomes(inside) },
    success_rate: inside.length === 0 ? null : outcomes(inside).succeeded / inside.length,
    latency_ms: { p50: percentile(answered(inside), 50), p95: percentile(answered(inside), 95) },
    buckets: bucketsOf(inside).map(({ at, own }) => ({
      at,
      ...outcomes(own),
      p95_ms: percentile(answered(own), 95),
    })),
    endpoints,
  };
}

const none = Object.fromEntries(deliveryStatuses.map((status) => [status, 0]));

describe('a tenant without attempts', () => {
  test.each(Object.entries(statsRanges))('has every bucket of %s, all empty', async (range, form) => {
    const shown = await read({ tenant: await api.tenant() }, `range=${range}`);
    expect(shown.buckets).toHaveLength(form.bucketCount);
    for (const [index, bucket] of shown.buckets.entries()) {
      const at = Date.parse(shown.from) + index * form.bucketSeconds * SECOND;
      expect(bucket).toEqual({
        at: new Date(at).toISOString(),
        succeeded: 0,
        failed: 0,
        p95_ms: null,
        deliveries: none,
      });
      expect(at % (form.bucketSeconds * SECOND)).toBe(0);
    }
    const end = Date.parse(shown.from) + form.bucketCount * form.bucketSeconds * SECOND;
    expect(Date.parse(shown.to)).toBeLessThan(end);
    expect(Date.parse(shown.to)).toBeGreaterThanOrEqual(end - form.bucketSeconds * SECOND);
    expect(shown).toMatchObject({
      range,
      bucket_seconds: form.bucketSeconds,
      deliveries: { total: 0, by_status: none },
      attempts: { total: 0, succeeded: 0, failed: 0 },
      success_rate: null,
      latency_ms: { p50: null, p95: null },
      overdue: { count: 0, capped: false, oldest_due_ms: null },
      endpoints: [],
    });
  });
});

test('attempts count once, in the range and the bucket in which they began, and latency is of answers alone', async () => {
  const subject = await newSubject();
  const attempt = (at: Date, durationMs: number, outcome: string, status: number | null): MadeAttempt => ({
    endpoint: subject.endpointId,
    at,
    durationMs,
    outcome,
    status,
  });
  const attempts = [
    attempt(ago(5 * SECOND), 10, 'succeeded', 200),
    attempt(ago(6 * SECOND), 30, 'rejected', 500),
    attempt(ago(30 * MINUTE), 9_000, 'timeout', null),
    attempt(ago(2 * HOUR), 20, 'succeeded', 204),
    attempt(ago(40 * HOUR), 40, 'network_error', null),
    attempt(ago(200 * HOUR), 50, 'succeeded', 200),
  ];
  await write(subject, attempts);
  const totals = async (range: string) => {
    const { attempts: counts, latency_ms: latency } = await read(subject, `range=${range}`);
    return [counts, latency];
  };
  expect(await totals('1h')).toEqual([
    { total: 3, succeeded: 1, failed: 2 },
    { p50: 10, p95: 30 },
  ]);
  expect(await totals('24h')).toEqual([
    { total: 4, succeeded: 2, failed: 2 },
    { p50: 20, p95: 30 },
  ]);
  expect(await totals('7d')).toEqual([
    { total: 5, succeeded: 2, failed: 3 },
    { p50: 20, p95: 30 },
  ]);
});

test('of any attempts, every count and percentile is the one that counting by hand gives', async () => {
  const endpoints = Array.from({ length: 3 }, () => encodeTypeId('endpoint', newId()));
  const anyAttempt = fc.record({
    endpoint: fc.constantFrom(...endpoints),
    // The ends of ranges and of buckets, too; none so late that it begins while the statement runs.
    agoMs: fc.oneof(
      fc.integer({ min: 1, max: 8 * 24 * HOUR }),
      fc.integer({ min: 1, max: 2 * MINUTE }),
      fc.integer({ min: 1, max: 60 }).map((minutes) => minutes * MINUTE),
    ),
    durationMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 4 })),
    outcome: fc.constantFrom(
      'succeeded',
      'succeeded',
      'rejected',
      'timeout',
      'network_error',
      'blocked',
      'interrupted',
    ),
    status: fc.option(fc.constantFrom(200, 204, 410, 500)),
  });
  const ranges = fc.constantFrom(...(Object.keys(statsRanges) as (keyof typeof statsRanges)[]));
  await fc.assert(
    fc.asyncProperty(fc.array(anyAttempt, { maxLength: 60, size: 'max' }), ranges, async (drawn, range) => {
      const subject = await newSubject();
      const attempts = drawn.map(({ agoMs, ...rest }) => ({ ...rest, at: ago(agoMs) }));
      await write(subject, attempts);
      const { bucketCount } = statsRanges[range];
      const whole = await read(subject, `range=${range}`);
      expect(whole).toMatchObject(expected(whole, attempts, bucketCount));
      const [endpoint] = endpoints;
      const one = await read(subject, `range=${range}&endpoint_id=${endpoint}`);
      const ofOne = attempts.filter((attempt) => attempt.endpoint === endpoint);
      expect(one).toMatchObject(expected(one, ofOne, bucketCount));
    }),
    { numRuns: 40 },
  );
});

/** Makes deliveries of given moments and statuses, as copies of the subject's own one, which is then as old as none asks for. */
async function make({ ids }: Subject, made: readonly { atMs: number; status: DeliveryStatus }[]): Promise<void> {
  await runSql(api.databaseUrl, `UPDATE deliveries SET id = uuid_v7_at(now() - interval '99 days') WHERE id = $1`, [
    ids.delivery,
  ]);
  await runSql(
    api.databaseUrl,
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, completed_at, created_at)
     SELECT uuid_v7_at(m.at), tenant_id, endpoint_id, event_id, type, m.status, attempt_limit,
            CASE WHEN m.status IN ('pending', 'retrying') THEN m.at END,
            CASE WHEN m.status NOT IN ('pending', 'retrying') THEN m.at END, m.at
     FROM deliveries, unnest($2::timestamptz[], $3::text[]) m(at, status) WHERE tenant_id = $1`,
    [ids.tenant, made.map(({ atMs }) => new Date(atMs).toISOString()), made.map(({ status }) => status)],
  );
}

test('deliveries are counted in the bucket in which they were made, by how they stand, as the list has them', async () => {
  const anyDelivery = fc.record({
    // Edges of buckets and of ranges, and the millisecond before them.
    agoMs: fc.oneof(
      fc.integer({ min: 0, max: 8 * 24 * HOUR }),
      fc.integer({ min: 0, max: 2 * MINUTE }),
      fc
        .tuple(fc.constantFrom(MINUTE, HOUR / 2, 6 * HOUR), fc.integer({ min: 1, max: 60 }))
        .map(([unit, n]) => unit * n),
    ),
    early: fc.constantFrom(0, 1),
    status: fc.constantFrom(...deliveryStatuses),
  });
  const ranges = fc.constantFrom(...(Object.keys(statsRanges) as (keyof typeof statsRanges)[]));
  await fc.assert(
    fc.asyncProperty(fc.array(anyDelivery, { maxLength: 40, size: 'max' }), ranges, async (drawn, range) => {
      const subject = await newSubject();
      const minute = Math.floor(Date.now() / MINUTE) * MINUTE;
      const made = drawn.map(({ agoMs, early, status }) => ({ atMs: minute - agoMs - early, status }));
      await make(subject, made);
      const counted = (from: number, to: number) => {
        const own = made.filter(({ atMs }) => atMs >= from && atMs < to);
        return {
          ...none,
          ...Object.fromEntries(
            [...new Set(own.map(({ status }) => status))].map((status) => [
              status,
              own.filter((each) => each.status === status).length,
            ]),
          ),
        };
      };
      const shown = await read(subject, `range=${range}`);
      const from = Date.parse(shown.from);
      const wholeSpan = counted(from, Number.POSITIVE_INFINITY);
      const total = Object.values(wholeSpan).reduce((sum, count) => sum + count, 0);
      expect(shown.deliveries).toEqual({ total, by_status: wholeSpan });
      const lengthMs = shown.bucket_seconds * SECOND;
      expect(shown.buckets.map(({ deliveries }) => deliveries)).toEqual(
        shown.buckets.map((_, index) => counted(from + index * lengthMs, from + (index + 1) * lengthMs)),
      );
      const query = `created_after=${shown.from}&limit=100`;
      const list = await api.request('GET', `/v1/webhook-deliveries?${query}`, { key: subject.tenant.key });
      expect(list.body.data).toHaveLength(total);
      const ofEndpoint = await read(subject, `range=${range}&endpoint_id=${subject.endpointId}`);
      expect(ofEndpoint.deliveries).toEqual(shown.deliveries);
      expect((await read(subject, `range=${range}&endpoint_id=${unknownId('ep')}`)).deliveries.total).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('at most 100 endpoints are told apart, those with most failures', async () => {
  const subject = await newSubject();
  const endpoints = Array.from({ length: 120 }, () => encodeTypeId('endpoint', newId()));
  const attempts = endpoints.flatMap((endpoint, failures) =>
    Array.from({ length: failures + 1 }, (_, index) => ({
      endpoint,
      at: ago(SECOND),
      durationMs: 1,
      outcome: index < failures ? 'rejected' : 'succeeded',
      status: 500,
    })),
  );
  await write(subject, attempts);
  const shown = await read(subject);
  const worst = [...endpoints].reverse().slice(0, 100);
  expect(shown.endpoints.map(({ endpoint_id: id }) => id)).toEqual(worst);
  expect(shown.endpoints[0]).toMatchObject({ failed: 119, succeeded: 1 });
  expect(shown.attempts.total).toBe(attempts.length);
});

test('another tenant’s attempts and deliveries are in no figure, and its endpoint reads as nobody’s', async () => {
  const [mine, other] = [await newSubject(), await newSubject()];
  await write(other, [
    { endpoint: other.endpointId, at: ago(SECOND), durationMs: 1, outcome: 'succeeded', status: 200 },
  ]);
  const shape = ({ attempts, deliveries, endpoints, overdue }: Stats) => ({
    attempts,
    deliveries: deliveries.total,
    endpoints,
    overdue: overdue.count,
  });
  const nothing = { attempts: { total: 0, succeeded: 0, failed: 0 }, deliveries: 0, endpoints: [], overdue: 0 };
  expect(shape(await read(mine))).toEqual({ ...nothing, deliveries: 1, overdue: 1 });
  expect(shape(await read(mine, `endpoint_id=${other.endpointId}`))).toEqual(nothing);
  expect(shape(await read(mine, `endpoint_id=${unknownId('ep')}`))).toEqual(nothing);
  expect(shape(await read(other)).attempts.total).toBe(1);
});

describe('overdue deliveries', () => {
  test('are the open ones whose time has come, of all endpoints or of one', async () => {
    const subject = await newSubject();
    const { key } = subject.tenant;
    const quiet = await addEndpoint(api, key, { events: ['domain.drift'] });
    const [late, cancelled, future] = [await addEvent(api, key), await addEvent(api, key), await addEvent(api, key)];
    const idOf = async (event: { id: string }) => (await deliveriesOf(api, key, event.id))[0].id;
    await api.request('POST', `/v1/webhook-deliveries/${await idOf(cancelled)}/cancel`, { key });
    const setDue = async (event: { id: string }, shift: string) =>
      runSql(api.databaseUrl, `UPDATE deliveries SET due_at = now() + $2::interval WHERE id = $1`, [
        uuidOf('delivery', await idOf(event)),
        shift,
      ]);
    await setDue(late, '-10 minutes');
    await setDue(future, '10 minutes');
    const { overdue } = await read(subject);
    expect(overdue).toMatchObject({ count: 2, capped: false });
    expect(overdue.oldest_due_ms).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(overdue.oldest_due_ms).toBeLessThan(11 * MINUTE);
    const ofQuiet = await read(subject, `endpoint_id=${quiet.id}`);
    expect(ofQuiet.overdue).toEqual({ count: 0, capped: false, oldest_due_ms: null });
  });

  test('are counted to 10,000, and then said to be more', async () => {
    const subject = await newSubject();
    const copy = `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, created_at)
       SELECT gen_random_uuid(), tenant_id, endpoint_id, event_id, type, status, attempt_limit, now(), now()
       FROM deliveries, generate_series(1, $2::int) WHERE id = $1`;
    await runSql(api.databaseUrl, copy, [subject.ids.delivery, 9_999]);
    expect((await read(subject, 'range=1h')).overdue).toMatchObject({ count: 10_000, capped: false });
    await runSql(api.databaseUrl, copy, [subject.ids.delivery, 1]);
    expect((await read(subject, 'range=7d')).overdue).toMatchObject({ count: 10_000, capped: true });
  });
});

test.each(['range=2h', 'range=', 'endpoint_id=nope', 'x=1'])('400 for ?%s', async (query) => {
  const { key } = await api.tenant();
  const answer = await api.request('GET', `/v1/stats?${query}`, { key });
  expect([answer.status, answer.body.errors[0].path]).toEqual([400, query.split('=')[0]]);
});

describe('the figures are kept', () => {
  const question = (range: keyof typeof statsRanges = '24h') => ({ tenantId: newId(), endpointId: null, range });

  test('for 10 s: the same question is answered by the same statement, be it under way or done', async () => {
    let now = 0;
    const reader = createStatsReader(api.deps.database, () => now);
    const asked = question();
    const first = reader(asked);
    expect(reader({ ...asked })).toBe(first);
    await first;
    now = 9_999;
    expect(reader(asked)).toBe(first);
    now = 10_000;
    const second = reader(asked);
    expect(second).not.toBe(first);
    expect((await second).nowMs).toBeGreaterThan((await first).nowMs);
  });

  test('for each tenant, endpoint and range by itself', async () => {
    const reader = createStatsReader(api.deps.database, () => 0);
    const asked = question();
    const others = [{ ...asked, range: '1h' as const }, { ...asked, endpointId: newId() }, question()];
    const all = [asked, ...others].map(reader);
    expect(new Set(all).size).toBe(4);
    await Promise.all(all);
  });

  test('of the last 200 questions at the most', async () => {
    const reader = createStatsReader(api.deps.database, () => 0);
    const [oldest, next] = [question(), question()];
    const first = [await reader(oldest), await reader(next)];
    for (let index = 0; index < 199; index += 1) await reader(question());
    expect(await reader(next)).toBe(first[1]);
    expect(await reader(oldest)).not.toBe(first[0]);
  });

  test('but a failure is not', async () => {
    const proxy = await startProxy(api.databaseUrl);
    const database = openDatabase(proxy.url, 1);
    const reader = createStatsReader(database, () => 0);
    const asked = question();
    proxy.mode('refuse');
    expect(await reader(asked).then(() => false, isUnavailable)).toBe(true);
    proxy.mode('pass');
    expect((await reader(asked)).buckets).toEqual([]);
    await database.$disconnect();
    await proxy.close();
  });
});
