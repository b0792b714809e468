import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AttemptOutcome, attemptOutcomes } from '@posthorn/domain/delivery/attempt-outcome';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runSql } from '@posthorn/testkit/run-sql';
import fc from 'fast-check';
import { listAllAttempts } from '../src/operator/list-all-attempts.ts';
import type { AttemptFilter, AttemptPlace } from '../src/tenant/find-attempts.ts';
import { scopeToTenant, type TenantDatabase } from '../src/tenant/scope-to-tenant.ts';

const START_MS = Date.parse('2026-07-02T12:00:00.000Z');
const DELIVERIES = 4;
const MOST_NUMBERS = 9;
let databaseUrl: string;
let arranged: Arranged;
let tenant: { id: string; database: TenantDatabase };
/** Of two endpoints each. */
let deliveries: { id: string; endpointId: string }[];

async function makeTenant() {
  const id = await arranged.tenant();
  await arranged.endpoint(id, 'https://one.example');
  await arranged.endpoint(id, 'https://two.example');
  const made = await arranged.events(id, DELIVERIES / 2);
  return { id, deliveries: made };
}

/** An attempt to be stored; `at` in ms after the start, `of` the place of its delivery. */
interface Given {
  readonly of: number;
  readonly number: number;
  readonly at: number;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  readonly responseStatus: number | null;
}

async function store(given: readonly Given[]): Promise<void> {
  await runSql(databaseUrl, 'DELETE FROM attempts WHERE tenant_id = $1', [tenant.id]);
  await arranged.database.attempt.createMany({
    data: given.map(({ of, at, number, durationMs, outcome, responseStatus }) => ({
      id: crypto.randomUUID(),
      tenantId: tenant.id,
      deliveryId: deliveries[of]?.id ?? '',
      endpointId: deliveries[of]?.endpointId ?? '',
      startedAt: new Date(START_MS + at),
      number,
      durationMs,
      outcome,
      responseStatus,
    })),
  });
}

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
  const mine = await makeTenant();
  tenant = { id: mine.id, database: scopeToTenant(arranged.database, mine.id) };
  deliveries = mine.deliveries;
  const other = await makeTenant();
  // Another tenant's, at the same moments.
  await runSql(
    databaseUrl,
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status)
     SELECT id, n, gen_random_uuid(), tenant_id, endpoint_id, $2::timestamptz + n * interval '1 ms', 500, 'rejected', 500
     FROM deliveries, generate_series(0, 20) n WHERE tenant_id = $1 AND n > 0`,
    [other.id, new Date(START_MS)],
  );
});
afterAll(() => arranged.close());

const everything: AttemptFilter = { isAnswered: false };

interface Walk {
  readonly limit: number;
  readonly maxLookedAt: number;
}

/** Reads page by page; each row as its moment, delivery and number. */
async function walk({ limit, maxLookedAt }: Walk, filter: AttemptFilter): Promise<string[][]> {
  const pages: string[][] = [];
  let before: AttemptPlace | null = null;
  do {
    const { rows, last } = await listAllAttempts(arranged.database, tenant, { limit, before, maxLookedAt }, filter);
    pages.push(
      rows.map(({ startedAt, deliveryId, number }) => `${startedAt.getTime() - START_MS} ${deliveryId} ${number}`),
    );
    before = last;
    if (pages.length > 200) throw new Error('The pages do not end');
  } while (before);
  return pages;
}

const newestFirst = (a: Given, b: Given): number =>
  b.at - a.at || -(deliveries[a.of]?.id ?? '').localeCompare(deliveries[b.of]?.id ?? '') || b.number - a.number;

/** What the filter leaves, in order. */
const expected = (given: readonly Given[], filter: AttemptFilter): string[] =>
  given
    .filter(
      (each) =>
        (filter.outcomes === undefined || filter.outcomes.includes(each.outcome)) &&
        (filter.endpointId === undefined || deliveries[each.of]?.endpointId === filter.endpointId) &&
        (!filter.isAnswered || each.responseStatus !== null) &&
        (filter.minDurationMs === undefined || each.durationMs >= filter.minDurationMs) &&
        (filter.startedAfter === undefined || START_MS + each.at >= filter.startedAfter.getTime()) &&
        (filter.startedBefore === undefined || START_MS + each.at < filter.startedBefore.getTime()),
    )
    .sort(newestFirst)
    .map(({ of, at, number }) => `${at} ${deliveries[of]?.id} ${number}`);

const anyAttempts = fc.uniqueArray(
  fc.record({
    of: fc.nat(DELIVERIES - 1),
    number: fc.integer({ min: 1, max: MOST_NUMBERS }),
    at: fc.nat(6),
    durationMs: fc.constantFrom(0, 7, 900),
    outcome: fc.constantFrom(...attemptOutcomes),
    responseStatus: fc.constantFrom(null, 200, 500),
  }),
  { selector: ({ of, number }) => `${of} ${number}`, maxLength: DELIVERIES * MOST_NUMBERS, size: 'max' },
);
const moment = fc.integer({ min: -1, max: 7 }).map((at) => new Date(START_MS + at));
const anyFilter = fc.record(
  {
    isAnswered: fc.boolean(),
    outcomes: fc.subarray([...attemptOutcomes], { minLength: 1 }),
    endpoint: fc.constantFrom(0, 1),
    minDurationMs: fc.constantFrom(0, 7, 8, 900, 901),
    startedAfter: moment,
    startedBefore: moment,
  },
  { requiredKeys: ['isAnswered'] },
);

const readFilter = ({ endpoint, ...filter }: typeof anyFilter extends fc.Arbitrary<infer Value> ? Value : never) => ({
  ...filter,
  ...(endpoint !== undefined && { endpointId: deliveries[endpoint]?.endpointId }),
});

describe('The list of all attempts', () => {
  test('has every matching attempt once, newest first, however many began at once and however short the look is', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyAttempts,
        anyFilter,
        fc.record({ limit: fc.integer({ min: 1, max: 9 }), maxLookedAt: fc.integer({ min: 1, max: 40 }) }),
        async (given, anyOf, pages) => {
          await store(given);
          const filter = readFilter(anyOf);
          const found = await walk(pages, filter);
          expect(found.flat()).toEqual(expected(given, filter));
          expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(pages.limit);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  test('neither repeats nor loses what stood there when later ones come between two pages', async () => {
    const at = (of: number, moments: readonly number[]): Given[] =>
      moments.map((each, index) => ({
        of,
        number: index + 1,
        at: each,
        durationMs: 7,
        outcome: 'rejected',
        responseStatus: 500,
      }));
    const given = [...at(0, [1, 2, 2, 3]), ...at(1, [2, 2, 3])];
    await store(given);
    const seen = new Set<string>();
    let before: AttemptPlace | null = null;
    let added = 0;
    do {
      const page = { limit: 2, before, maxLookedAt: 3 };
      const { rows, last } = await listAllAttempts(arranged.database, tenant, page, everything);
      for (const { startedAt, deliveryId, number } of rows) {
        const name = `${startedAt.getTime() - START_MS} ${deliveryId} ${number}`;
        expect(seen.has(name)).toBe(false);
        seen.add(name);
      }
      before = last;
      added += 1;
      await arranged.database.attempt.create({
        data: {
          id: crypto.randomUUID(),
          tenantId: tenant.id,
          deliveryId: deliveries[2]?.id ?? '',
          endpointId: deliveries[2]?.endpointId ?? '',
          startedAt: new Date(START_MS + 10 + added),
          number: added,
          durationMs: 1,
          outcome: 'succeeded',
        },
      });
    } while (before);
    expect([...seen]).toEqual(expected(given, everything));
  });

  test('names the type of the event, and nothing of another tenant', async () => {
    await store([{ of: 0, number: 1, at: 3, durationMs: 7, outcome: 'timeout', responseStatus: null }]);
    const page = { limit: 50, before: null, maxLookedAt: 1_000 };
    const { rows, last } = await listAllAttempts(arranged.database, tenant, page, everything);
    expect(last).toBeNull();
    expect(rows).toEqual([
      {
        id: expect.any(String),
        deliveryId: deliveries[0]?.id,
        endpointId: deliveries[0]?.endpointId,
        number: 1,
        startedAt: new Date(START_MS + 3),
        durationMs: 7,
        outcome: 'timeout',
        responseStatus: null,
        error: null,
        delivery: { type: 'domain.verified' },
      },
    ]);
  });
});
