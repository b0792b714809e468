// What is summed and what is counted from rows must be the same figures, whenever it was summed and whatever came later.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DeliveryStatus, deliveryStatuses } from '@posthorn/domain/delivery/delivery-status';
import { statsBuckets } from '@posthorn/domain/stats/stats-buckets';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import fc from 'fast-check';
import pg from 'pg';
import { v7 } from 'uuid';
import { advanceSums } from '../src/engine/advance-sums.ts';
import { foldSumChanges } from '../src/engine/fold-sum-changes.ts';
import { readStats } from '../src/operator/read-stats.ts';
import { expectCounted, type MadeAttempt, type MadeDelivery, summedMs } from './count-stats.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
let databaseUrl: string;
let arranged: Arranged;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
});
afterAll(() => arranged.close());

interface World {
  readonly tenantId: string;
  readonly eventId: string;
  readonly endpointIds: readonly string[];
  readonly deliveries: MadeDelivery[];
  readonly attempts: MadeAttempt[];
  /** A transaction that has written and not ended, and what is to be counted when it commits. */
  open: { readonly client: pg.Client; readonly deliveries: MadeDelivery[]; readonly attempts: MadeAttempt[] } | null;
}

const isOpen = ({ status }: { status: DeliveryStatus }): boolean => status === 'pending' || status === 'retrying';

type Runner = (text: string, values: unknown[]) => Promise<unknown>;
const byItself: Runner = (text, values) => runSql(databaseUrl, text, values);

async function insert({ tenantId, eventId }: World, rows: readonly MadeDelivery[], run = byItself): Promise<void> {
  await run(
    `INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, completed_at, created_at)
     SELECT m.id, $1, m.endpoint, $2, 'domain.verified', m.status, 6,
            CASE WHEN m.open THEN now() END, CASE WHEN NOT m.open THEN now() END, now()
     FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::boolean[]) m(id, endpoint, status, open)`,
    [
      tenantId,
      eventId,
      rows.map(({ id }) => id),
      rows.map(({ endpointId }) => endpointId),
      rows.map(({ status }) => status),
      rows.map(isOpen),
    ],
  );
}

/** Of a delivery of their own, so that no two wait for each other, and so old that no range has it. */
async function record(world: World, rows: readonly MadeAttempt[], run = byItself): Promise<void> {
  const atMs = Date.now() - 99 * DAY_MS;
  const host: MadeDelivery = {
    id: v7({ msecs: atMs }),
    endpointId: world.endpointIds[0] ?? '',
    atMs,
    status: 'failed',
  };
  await insert(world, [host], run);
  await run(
    `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome, response_status)
     SELECT $1, row_number() OVER (), gen_random_uuid(), $2, m.endpoint, m.at, coalesce(m.ms, 7),
            CASE WHEN m.ok THEN 'succeeded' ELSE 'rejected' END, CASE WHEN m.ms IS NOT NULL THEN 200 END
     FROM unnest($3::uuid[], $4::timestamptz[], $5::boolean[], $6::int[]) m(endpoint, at, ok, ms)`,
    [
      host.id,
      world.tenantId,
      rows.map(({ endpointId }) => endpointId),
      rows.map(({ atMs: at }) => new Date(at).toISOString()),
      rows.map(({ ok }) => ok),
      rows.map(({ answeredMs }) => answeredMs),
    ],
  );
}

async function newWorld(): Promise<World> {
  const tenantId = await arranged.tenant();
  const first = await arranged.endpoint(tenantId, 'https://one.example');
  const second = await arranged.endpoint(tenantId, 'https://two.example');
  return { tenantId, eventId: v7(), endpointIds: [first, second], deliveries: [], attempts: [], open: null };
}

const scopesOf = ({ tenantId, endpointIds }: World) =>
  Object.values(statsBuckets).flatMap((bucket) =>
    [null, endpointIds[0] ?? null].map((endpointId) => ({ tenantId, endpointId, ...bucket })),
  );

async function check(world: World, scopes = scopesOf(world)): Promise<void> {
  for (const scope of scopes) expectCounted(await readStats(arranged.database, scope), scope, world);
}

async function begin(): Promise<NonNullable<World['open']>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  return { client, deliveries: [], attempts: [] };
}

async function end(world: World, commit: boolean): Promise<void> {
  if (!world.open) return;
  const { client, deliveries, attempts } = world.open;
  world.open = null;
  await client.query(commit ? 'COMMIT' : 'ROLLBACK');
  await client.end();
  if (!commit) return;
  world.deliveries.push(...deliveries);
  world.attempts.push(...attempts);
}

/** What is drawn: how long ago, which endpoint, how it ended. */
interface Drawn {
  readonly agoMs: number;
  readonly early: number;
  readonly endpoint: number;
  readonly status: DeliveryStatus;
  readonly ok: boolean;
  readonly answeredMs: number | null;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  // Minutes that are about to be summed, edges of buckets, and all that a range has and a little more.
  agoMs: fc.oneof(
    fc.integer({ min: 0, max: 5 * MINUTE_MS }),
    fc.integer({ min: 0, max: 8 * DAY_MS }),
    fc.tuple(fc.constantFrom(1, 30, 360), fc.nat(40)).map(([minutes, n]) => minutes * n * MINUTE_MS),
  ),
  early: fc.constantFrom(0, 1),
  endpoint: fc.nat(1),
  status: fc.constantFrom(...deliveryStatuses),
  ok: fc.boolean(),
  answeredMs: fc.option(fc.oneof(fc.nat(300), fc.nat(70_000))),
});

const momentOf = ({ agoMs, early }: Drawn): number => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - agoMs - early;
const endpointOf = ({ endpointIds }: World, { endpoint }: Drawn): string => endpointIds[endpoint] ?? '';

function deliveryOf(world: World, draw: Drawn): MadeDelivery {
  const atMs = momentOf(draw);
  return { id: v7({ msecs: atMs }), endpointId: endpointOf(world, draw), atMs, status: draw.status };
}

const attemptOf = (world: World, draw: Drawn): MadeAttempt => ({
  endpointId: endpointOf(world, draw),
  atMs: momentOf(draw),
  ok: draw.ok,
  answeredMs: draw.answeredMs,
});

type Act = (world: World, draws: readonly Drawn[]) => Promise<void>;

/** Steps that a test takes are small, so that histories have sums that go half the way. */
const advance = () => advanceSums(arranged.database, 2);

const acts = {
  async make(world, draws) {
    const rows = draws.map((draw) => deliveryOf(world, draw));
    await insert(world, rows);
    world.deliveries.push(...rows);
  },
  async attempt(world, draws) {
    const rows = draws.map((draw) => attemptOf(world, draw));
    await record(world, rows);
    world.attempts.push(...rows);
  },
  /** What a record, a cancellation or the reconciler does, for several at once. */
  async move(world, draws) {
    const open = world.deliveries.filter(isOpen).slice(0, draws.length);
    const moved = open.map((delivery, index) => ({ delivery, to: draws[index]?.status ?? 'cancelled' }));
    const forward = moved.filter(({ to }) => to !== 'pending');
    await runSql(
      databaseUrl,
      `UPDATE deliveries d SET status = m.status, attempts = 1, due_at = CASE WHEN m.status = 'retrying' THEN now() END,
              completed_at = CASE WHEN m.status <> 'retrying' THEN now() END
       FROM unnest($1::uuid[], $2::text[]) m(id, status) WHERE d.id = m.id`,
      [forward.map(({ delivery }) => delivery.id), forward.map(({ to }) => to)],
    );
    for (const { delivery, to } of forward) delivery.status = to;
  },
  async touch({ tenantId }) {
    await runSql(databaseUrl, 'UPDATE deliveries SET generation = generation + 1 WHERE tenant_id = $1', [tenantId]);
  },
  async begin(world, draws) {
    if (world.open) return;
    world.open = await begin();
    const { client, deliveries, attempts } = world.open;
    const run: Runner = (text, values) => client.query(text, values);
    deliveries.push(...draws.map((draw) => deliveryOf(world, draw)));
    attempts.push(...draws.map((draw) => attemptOf(world, draw)));
    await insert(world, deliveries, run);
    await record(world, attempts, run);
  },
  commit: (world) => end(world, true),
  rollBack: (world) => end(world, false),
  async advance() {
    await advance();
  },
  async advanceFar() {
    for (let step = 0; step < 25; step += 1) await advance();
  },
  async atOnce() {
    await Promise.all([advance(), foldSumChanges(arranged.database), advance(), foldSumChanges(arranged.database)]);
  },
  fold: () => foldSumChanges(arranged.database),
  /** Of what is summed rows may go, with what was noted of it or without: it stays counted. */
  async expire({ tenantId }) {
    await runSql(
      databaseUrl,
      `DELETE FROM deliveries WHERE tenant_id = $1 AND completed_at IS NOT NULL
         AND id < uuid_floor((SELECT summed_before FROM sum_progress)) AND id > uuid_floor(now() - interval '9 days')`,
      [tenantId],
    );
    await runSql(
      databaseUrl,
      'DELETE FROM attempts WHERE tenant_id = $1 AND started_at < (SELECT summed_before FROM sum_progress)',
      [tenantId],
    );
  },
} satisfies Record<string, Act>;
type Engine = Readonly<Record<keyof typeof acts, Act>>;

const command = (name: keyof typeof acts, draws: readonly Drawn[], scope: number): fc.AsyncCommand<World, Engine> => ({
  check: () => true,
  async run(world, engine) {
    await engine[name](world, draws);
    await check(world, scopesOf(world).slice(scope, scope + 1));
  },
  toString: () => `${name}(${JSON.stringify(draws)})`,
});

test('Whatever happens before, between and after the steps of summing, figures are those that counting gives', async () => {
  const names = Object.keys(acts) as (keyof typeof acts)[];
  const usual = ['make', 'attempt', 'move', 'advanceFar', 'advance', 'advance'] as const;
  const draws = fc.array(drawn, { minLength: 1, maxLength: 5 });
  const commands = [...names, ...usual].map((name) =>
    fc.tuple(draws, fc.nat(5)).map(([each, scope]) => command(name, each, scope)),
  );
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (history) => {
      // Summing begins anew with each history.
      await runSql(databaseUrl, 'TRUNCATE delivery_sums, attempt_sums, delivery_sum_changes, attempt_sum_changes');
      await runSql(databaseUrl, 'DELETE FROM sum_progress');
      await runSql(databaseUrl, 'INSERT INTO sum_progress DEFAULT VALUES');
      const world = await newWorld();
      try {
        await fc.asyncModelRun(() => ({ model: world, real: acts }), history);
      } finally {
        await end(world, false);
      }
      await acts.advanceFar();
      await acts.fold();
      await check(world);
      await runSql(databaseUrl, 'DELETE FROM attempts');
      await runSql(databaseUrl, 'DELETE FROM deliveries');
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 25) },
  );
}, 1_800_000);

test('A duration stands for itself up to 255 ms, and above for none that is more than 0.8 % shorter', async () => {
  const asked = [
    ...Array.from({ length: 5_000 }, (_, ms) => ms),
    ...Array.from({ length: 16 }, (_, n) => 2 ** (n + 8) - 1),
  ];
  const durations = [...asked, ...Array.from({ length: 2_000 }, (_, n) => 5_000 + n * 997)];
  const rows = await runSql<{ ms: number; summed: number }>(
    databaseUrl,
    'SELECT ms, summed_ms(ms) AS summed FROM unnest($1::int[]) ms',
    [durations],
  );
  expect(rows).toHaveLength(durations.length);
  for (const { ms, summed } of rows) {
    expect(summed).toBe(summedMs(ms));
    expect(summed).toBeGreaterThanOrEqual(ms);
    expect(summed).toBeLessThanOrEqual(ms < 256 ? ms : ms * 1.008);
  }
});

test('A minute is not summed while a transaction is open that may have written into it unnoted', async () => {
  const world = await newWorld();
  await eventually(async () => (await advanceSums(arranged.database)) === 'idle');
  // A minute that is over is to be summed once more, as if no time had passed since.
  await runSql(
    databaseUrl,
    `UPDATE sum_progress SET noted_before = noted_before - interval '1 minute', summed_before = summed_before - interval '1 minute',
            noted_below = uuid_floor(noted_before - interval '1 minute')`,
  );
  const atMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 150_000;
  const row: MadeAttempt = { endpointId: world.endpointIds[0] ?? '', atMs, ok: true, answeredMs: 5 };
  world.open = await begin();
  world.open.attempts.push(row);
  await record(world, [row], (text, values) => world.open?.client.query(text, values) ?? Promise.resolve());
  expect([await advanceSums(arranged.database), await advanceSums(arranged.database)]).toEqual(['begin', 'settle']);
  expect([await advanceSums(arranged.database), await advanceSums(arranged.database)]).toEqual(['wait', 'wait']);
  await end(world, true);
  await check(world);
  await eventually(async () => (await advanceSums(arranged.database)) === 'sum');
  expect(await runSql(databaseUrl, 'SELECT 1 FROM attempt_sum_changes')).toEqual([]);
  await check(world);
});
