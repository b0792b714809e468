// Random histories of everything that moves a delivery, with crashes between any two steps and a clock that the history
// moves. Whatever the order: nothing is lost, no attempt is sent without its lease, the limit holds, the ledger balances.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { advanceRecovery } from '../src/engine/advance-recovery.ts';
import { cancelBacklog } from '../src/engine/cancel-backlog.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import { claimParked } from '../src/engine/claim-parked.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import { foldLedger } from '../src/engine/fold-ledger.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import { parkDeliveries } from '../src/engine/park-deliveries.ts';
import { putOff } from '../src/engine/put-off.ts';
import { type AttemptRecord, recordAttempts } from '../src/engine/record-attempts.ts';
import { releaseClaims } from '../src/engine/release-claims.ts';
import { renewGeneration } from '../src/engine/renew-generation.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import { readLedger } from '../src/operator/read-ledger.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { cancelDelivery } from '../src/tenant/cancel-delivery.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';

const LEASE_MARGIN_MS = 60_000;
/** How far the clock goes at once: within a retry's wait, beyond it, beyond a lease. */
const LEASE_RUNS_OUT_MS = 200_000;
const JUMPS_MS = [1_000, 61_000, LEASE_RUNS_OUT_MS];

let arranged: Arranged;
beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());

/** The model: what the world outside saw, what processes hold in memory, and what the queue holds. */
interface World {
  readonly tenantId: string;
  readonly endpointId: string;
  /** Requests that were sent, or may have been, by delivery. */
  readonly sent: Map<string, number>;
  /** Claims whose result is not recorded: a crash forgets them, a frozen process records them late. */
  held: (ClaimedDelivery & { readonly heldUntilMs: number })[];
  /** The history's clock: how far it was moved. */
  nowMs: number;
  /** Jobs as the queue holds them: ids and generations, stale ones too. */
  jobs: { deliveryId: string; generation: number }[];
}

type Act = (world: World, pick: number) => Promise<void>;

/** Moves the clock that all of the tenant's times are judged by: later is the same as having happened earlier. */
async function advanceClock(world: World, byMs: number): Promise<void> {
  const { tenantId } = world;
  world.nowMs += byMs;
  await arranged.database.$executeRaw`
    UPDATE deliveries SET due_at = due_at - ${byMs} * interval '1 millisecond',
      leased_at = leased_at - ${byMs} * interval '1 millisecond',
      lease_until = lease_until - ${byMs} * interval '1 millisecond'
    WHERE tenant_id = ${tenantId}::uuid AND (due_at IS NOT NULL OR lease_token IS NOT NULL)`;
  await arranged.database.$executeRaw`UPDATE claims SET expires_at = expires_at - ${byMs} * interval '1 millisecond'`;
}
const leased = (token: string) => arranged.database.delivery.findMany({ where: { leaseToken: token } });
const some = <Item>(items: readonly Item[], pick: number): Item[] => items.filter((_, index) => (index + pick) % 3 > 0);

function countSent({ sent }: World, claimed: readonly { id: string }[]): void {
  for (const { id } of claimed) sent.set(id, (sent.get(id) ?? 0) + 1);
}

function send(world: World, claimed: readonly ClaimedDelivery[]): void {
  const alive = new Set(world.held.filter(({ heldUntilMs }) => heldUntilMs > world.nowMs).map(({ id }) => id));
  // The fence: while one lease lasts, nobody else may send.
  expect(claimed.filter(({ id }) => alive.has(id))).toEqual([]);
  countSent(world, claimed);
  const heldUntilMs = world.nowMs + connectDomain.timeoutMs + LEASE_MARGIN_MS;
  world.held.push(...claimed.map((delivery) => ({ ...delivery, heldUntilMs })));
}

function result(delivery: ClaimedDelivery, pick: number): AttemptRecord {
  const succeeded = pick % 4 === 0;
  const last = delivery.number >= delivery.attemptLimit;
  return {
    deliveryId: delivery.id,
    tenantId: delivery.tenantId,
    token: delivery.token,
    attemptId: v7(),
    number: delivery.number,
    startedAt: new Date(),
    durationMs: 1,
    outcome: succeeded ? 'succeeded' : 'rejected',
    responseStatus: succeeded ? 200 : 500,
    responseHeaders: null,
    responseBody: null,
    error: null,
    requestHeaders: '{}',
    next: succeeded
      ? { status: 'succeeded' }
      : last
        ? { status: 'failed', disable: pick % 5 === 0 ? 'Enough' : null }
        : { status: 'retrying', delayMs: pick % 2 === 0 ? 0 : 60_000 },
  };
}

const acts = {
  async accept({ tenantId, jobs }, pick) {
    // Now and then the queue has room for fewer than are made.
    const room = pick % 2 === 0 ? {} : { room: { jobs: pick % 3, jobsPerEndpoint: 2, busy: new Map() } };
    const due = await arranged.events(tenantId, 1 + (pick % 3), room);
    // Every third time the process dies between the commit and the queue.
    if (pick % 3 > 0) jobs.push(...due.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async claimJobs(world, pick) {
    const requests = some(world.jobs, pick);
    const results = await claimDeliveries(arranged.database, requests, {
      token: v7(),
      dispatcherId: null,
      marginMs: LEASE_MARGIN_MS,
    });
    send(
      world,
      results.flatMap((claim) => (claim.kind === 'claimed' ? [claim.delivery] : [])),
    );
    // Jobs that ran are kept now and then, as a queue that forgets an acknowledgement keeps them.
    if (pick % 4 > 0) world.jobs = world.jobs.filter((job) => !requests.includes(job));
  },
  async record(world, pick) {
    const finished = some(world.held, pick);
    if (finished.length === 0) return;
    await recordAttempts(
      arranged.database,
      finished.map((delivery) => result(delivery, pick)),
    );
    // An answer of the database that is lost makes the dispatcher record once more.
    const again = pick % 3 === 0;
    world.held = world.held.flatMap((delivery) => {
      if (!finished.includes(delivery)) return [delivery];
      return again ? [{ ...delivery, heldUntilMs: 0 }] : [];
    });
  },
  async loseAnswerOfClaim(world, pick) {
    const lease = { token: v7(), dispatcherId: null, marginMs: LEASE_MARGIN_MS };
    await claimDeliveries(arranged.database, some(world.jobs, pick), lease);
    // Given back, or the process dies before it can: then a request may have been sent for all that anybody knows.
    if (pick % 3 > 0) await releaseClaims(arranged.database, [lease.token]);
    else countSent(world, await leased(lease.token));
  },
  async putOff(world, pick) {
    const [delivery] = some(world.jobs, pick);
    if (!delivery) return;
    const [claim] = await claimDeliveries(arranged.database, [delivery], {
      token: v7(),
      dispatcherId: null,
      marginMs: LEASE_MARGIN_MS,
    });
    if (claim?.kind === 'claimed')
      await putOff(arranged.database, [{ ...claim.delivery, delayMs: pick % 2 === 0 ? 0 : 30_000 }]);
  },
  async cancel({ tenantId }, pick) {
    const rows = await arranged.database.delivery.findMany({ where: { tenantId }, orderBy: { id: 'asc' } });
    const row = rows[pick % Math.max(1, rows.length)];
    if (row)
      await cancelDelivery(
        scopeToTenant(arranged.database, tenantId),
        tenantId,
        row.id,
        operatorAct('delivery', row.id),
      );
  },
  async replay(world, pick) {
    const { tenantId } = world;
    const rows = await arranged.database.delivery.findMany({ where: { tenantId }, orderBy: { id: 'asc' } });
    const row = rows[pick % Math.max(1, rows.length)];
    if (row) await replayDelivery(arranged.database, tenantId, row.id, operatorAct('delivery', row.id));
  },
  async crash(world, pick) {
    world.held = pick % 2 === 0 ? [] : world.held.slice(1);
  },
  async loseQueue(world) {
    world.jobs = [];
  },
  async takeOver(world) {
    const { due } = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    world.jobs.push(...due.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async timePasses(world, pick) {
    await advanceClock(world, JUMPS_MS[pick % JUMPS_MS.length] ?? 0);
  },
  async reconcile(world) {
    const { rows } = await listDueDeliveries(arranged.database, 0, null, 100);
    // Rows of which a job is known are left alone, as the queue would say.
    const known = new Set(world.jobs.map(({ deliveryId, generation }) => `${deliveryId}/${generation}`));
    const orphans = rows.filter(({ id, generation }) => !known.has(`${id}/${generation}`));
    const renewed = await renewGeneration(arranged.database, orphans);
    world.jobs.push(...renewed.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async park({ jobs }, pick) {
    await parkDeliveries(arranged.database, some(jobs, pick));
  },
  async feed(world, pick) {
    const lease = { token: v7(), dispatcherId: null, marginMs: LEASE_MARGIN_MS };
    const { tenantId, endpointId } = world;
    send(world, await claimParked(arranged.database, [{ tenantId, endpointId, limit: 1 + (pick % 4) }], lease));
  },
  async disable({ endpointId }) {
    const data = { status: 'disabled', disabledReason: 'Enough' };
    await arranged.database.endpoint.update({ where: { id: endpointId }, data });
    await cancelBacklog(arranged.database, endpointId);
  },
  async enable({ endpointId }) {
    const data = { status: 'enabled', disabledReason: null };
    await arranged.database.endpoint.update({ where: { id: endpointId }, data });
  },
  async recover(world) {
    const { tenantId, endpointId } = world;
    const until = new Date();
    const statuses = ['failed', 'cancelled', 'skipped'];
    const scope = { tenantId, endpointId, since: new Date(0), until, statuses, matched: 0 };
    await arranged.database.recovery.create({ data: { id: v7(), ...scope } });
    const made = (await advanceRecovery(arranged.database)) ?? [];
    world.jobs.push(...made.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async fold() {
    await foldLedger(arranged.database);
  },
} satisfies Record<string, Act>;

/** What must hold at every moment. */
async function check({ tenantId, sent }: World): Promise<void> {
  const rows = await arranged.database.delivery.findMany({ where: { tenantId }, include: { attemptLog: true } });
  for (const row of rows) {
    const numbers = row.attemptLog.map(({ number }) => number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: row.attempts }, (_, index) => index + 1));
    expect(row.attempts).toBeLessThanOrEqual(row.attemptLimit);
    // Each request has its attempt on record, or its lease still to be recorded or taken over.
    expect(sent.get(row.id) ?? 0).toBe(row.attempts + (row.leaseToken === null ? 0 : 1));
  }
  const { deliveries, byStatus } = await readLedger(arranged.database, tenantId);
  expect(Object.values(byStatus).reduce((sum, count) => sum + count, 0)).toBe(deliveries);
  expect(deliveries).toBe(rows.length);
}

/** What dispatchers do when nothing goes wrong any more: everything open comes to its end. */
async function drain(world: World): Promise<void> {
  const open = () => arranged.database.delivery.count({ where: { tenantId: world.tenantId, dueAt: { not: null } } });
  for (let round = 0; round < 60 && (await open()) > 0; round += 1) {
    world.held = [];
    await advanceClock(world, LEASE_RUNS_OUT_MS);
    await acts.takeOver(world);
    await acts.reconcile(world);
    await acts.claimJobs(world, 1);
    await acts.claimJobs(world, 2);
    await acts.feed(world, 3);
    await acts.record(world, 4);
    await acts.record(world, 8);
  }
  expect(await open()).toBe(0);
}

type Engine = Readonly<Record<keyof typeof acts, Act>>;

/** Acts that would do nothing now are left out, so that histories are full of those that do something. */
const possible: Partial<Record<keyof typeof acts, (world: World) => boolean>> = {
  claimJobs: ({ jobs }) => jobs.length > 0,
  loseAnswerOfClaim: ({ jobs }) => jobs.length > 0,
  putOff: ({ jobs }) => jobs.length > 0,
  park: ({ jobs }) => jobs.length > 0,
  loseQueue: ({ jobs }) => jobs.length > 0,
  record: ({ held }) => held.length > 0,
  crash: ({ held }) => held.length > 0,
};

const command = (name: keyof typeof acts, pick: number): fc.AsyncCommand<World, Engine> => ({
  check: (world) => possible[name]?.(world) ?? true,
  async run(world, engine) {
    await engine[name](world, pick);
    await check(world);
  },
  toString: () => `${name}(${pick})`,
});

test('In random histories with crashes nothing is lost, limits hold, every request is on record and the ledger balances', async () => {
  const names = Object.keys(acts) as (keyof typeof acts)[];
  // The ordinary way is taken more often than each fault.
  const usual = ['accept', 'claimJobs', 'record', 'claimJobs', 'timePasses'] as const;
  const commands = [...names, ...usual, ...usual].map((name) => fc.nat(60).map((pick) => command(name, pick)));
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (history) => {
      const tenantId = await arranged.tenant('cdhosting');
      const endpointId = await arranged.endpoint(tenantId, 'https://one.example');
      const world: World = { tenantId, endpointId, sent: new Map(), held: [], nowMs: 0, jobs: [] };
      await fc.asyncModelRun(() => ({ model: world, real: acts }), history);
      await drain(world);
      await check(world);
      await arranged.database.claim.deleteMany();
    }),
    {
      numRuns: Number(process.env['HISTORIES'] ?? 150),
    },
  );
}, 1_800_000);
