// Random histories of everything that moves a delivery, with crashes between any two steps and clocks that jump. Whatever
// the order: nothing is lost, no attempt is sent without its lease, the limit holds, the ledger balances.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
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
import { type AttemptRecord, recordAttempts } from '../src/engine/record-attempts.ts';
import { renewGeneration } from '../src/engine/renew-generation.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import { readLedger } from '../src/operator/read-ledger.ts';

const LEASE_MARGIN_MS = 60_000;

let arranged: Arranged;
beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());

/** What the world outside saw, and what processes hold in memory. */
interface World {
  readonly tenantId: string;
  readonly endpointId: string;
  /** Requests that were sent, by delivery. */
  readonly sent: Map<string, number>;
  /** Claims whose result is not recorded: a crash forgets them, a frozen process records them late. */
  held: ClaimedDelivery[];
  /** Jobs as the queue holds them: ids and generations, stale ones too. */
  jobs: { deliveryId: string; generation: number }[];
}

type Act = (world: World, pick: number) => Promise<void>;
const some = <Item>(items: readonly Item[], pick: number): Item[] => items.filter((_, index) => (index + pick) % 3 > 0);

function send(world: World, claimed: readonly ClaimedDelivery[]): void {
  for (const { id } of claimed) world.sent.set(id, (world.sent.get(id) ?? 0) + 1);
  world.held.push(...claimed);
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
    const due = await arranged.events(tenantId, 1 + (pick % 3));
    // Every third time the process dies between the commit and the queue.
    if (pick % 3 > 0) jobs.push(...due.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async claimJobs(world, pick) {
    const requests = some(world.jobs, pick);
    const results = await claimDeliveries(arranged.database, requests, { token: v7(), marginMs: LEASE_MARGIN_MS });
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
    if (pick % 3 > 0) world.held = world.held.filter((delivery) => !finished.includes(delivery));
  },
  async crash(world, pick) {
    world.held = pick % 2 === 0 ? [] : world.held.slice(1);
  },
  async loseQueue(world) {
    world.jobs = [];
  },
  async leasesRunOut({ tenantId }) {
    await arranged.database.$executeRaw`
      UPDATE deliveries SET lease_until = now() - interval '1 second'
      WHERE tenant_id = ${tenantId}::uuid AND lease_token IS NOT NULL`;
    await arranged.database.$executeRaw`UPDATE claims SET expires_at = now() - interval '1 second'`;
  },
  async takeOver(world) {
    const { due } = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    world.jobs.push(...due.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async timePasses({ tenantId }) {
    await arranged.database.$executeRaw`
      UPDATE deliveries SET due_at = now() - interval '5 seconds' WHERE tenant_id = ${tenantId}::uuid AND due_at > now()`;
  },
  async reconcile(world) {
    const { rows } = await listDueDeliveries(arranged.database, 0, null, 100);
    const known = new Set(world.jobs.map(({ deliveryId, generation }) => `${deliveryId}/${generation}`));
    const orphans = rows.filter(({ id, generation }) => !known.has(`${id}/${generation}`));
    const renewed = await renewGeneration(arranged.database, orphans);
    world.jobs.push(...renewed.map(({ id, generation }) => ({ deliveryId: id, generation })));
  },
  async park({ jobs }, pick) {
    await parkDeliveries(arranged.database, some(jobs, pick));
  },
  async feed(world, pick) {
    const lease = { token: v7(), marginMs: LEASE_MARGIN_MS };
    send(world, await claimParked(arranged.database, world.endpointId, 1 + (pick % 4), lease));
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
    await acts.leasesRunOut(world);
    await acts.takeOver(world);
    await acts.timePasses(world);
    await acts.reconcile(world);
    await acts.claimJobs(world, 1);
    await acts.claimJobs(world, 2);
    await acts.feed(world, 3);
    await acts.record(world, 4);
    await acts.record(world, 8);
  }
  expect(await open()).toBe(0);
}

test('In random histories with crashes nothing is lost, limits hold, every request is on record and the ledger balances', async () => {
  const names = Object.keys(acts) as (keyof typeof acts)[];
  // The ordinary way is taken more often than each fault.
  const usual = ['accept', 'claimJobs', 'record', 'claimJobs', 'timePasses'] as const;
  const step = fc.tuple(fc.constantFrom(...names, ...usual, ...usual), fc.nat(60));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 60, size: 'max' }), async (steps) => {
      const tenantId = await arranged.tenant('cdhosting');
      const endpointId = await arranged.endpoint(tenantId, 'https://one.example');
      const world: World = { tenantId, endpointId, sent: new Map(), held: [], jobs: [] };
      for (const [name, pick] of steps) {
        await acts[name](world, pick);
        await check(world);
      }
      await drain(world);
      await check(world);
      await arranged.database.claim.deleteMany();
    }),
    {
      numRuns: Number(process.env['HISTORIES'] ?? 150),
    },
  );
}, 600_000);
