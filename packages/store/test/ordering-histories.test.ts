// Random histories of lines: events posted, attempts that succeed, fail and are retried, deliveries cancelled, policies
// changed, processes that die between a commit and the release that should follow it. Whatever the order: of one endpoint and
// key none is sent before those ahead of it have ended, or have failed as often as the policy asks; and nobody is held for ever.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import fc from 'fast-check';
import { acceptEvents } from '../src/engine/accept-events.ts';
import { cancelBacklog } from '../src/engine/cancel-backlog.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import type { OrderingLine } from '../src/engine/ordering-line.ts';
import { releaseHeld } from '../src/engine/release-held.ts';
import { SWEEP_START, sweepHeld } from '../src/engine/sweep-held.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { cancelDelivery } from '../src/tenant/cancel-delivery.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';
import { requestAt } from './age-events.ts';
import { type LineWalker, walkLines } from './walk-lines.ts';

const KEYS = ['a', 'b'] as const;
const POLICIES = [null, 1, 2] as const;

let arranged: Arranged;
let walker: LineWalker;
beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
  walker = walkLines(arranged);
});
afterAll(() => arranged.close());

interface World {
  readonly tenantId: string;
  readonly endpointId: string;
  policy: number | null;
  /** Events of each key in the order in which they were accepted. */
  readonly order: Map<string, string[]>;
  /** Events whose deliveries may be passed: they failed often enough for a policy that was in force then. */
  readonly passable: Set<string>;
  /** Claims whose result is not recorded yet. */
  held: ClaimedDelivery[];
}

type Act = (world: World, pick: number) => Promise<void>;

const rowsOf = ({ tenantId }: World) =>
  arranged.database.delivery.findMany({ where: { tenantId }, orderBy: { id: 'asc' } });
const pickOf = <Item>(items: readonly Item[], pick: number): Item | undefined =>
  items[pick % Math.max(1, items.length)];

/** What a process does after its commit, unless it dies in between. */
async function releaseUnlessDead(lines: readonly OrderingLine[], pick: number): Promise<void> {
  if (pick % 3 > 0 && lines.length > 0) await releaseHeld(arranged.database, lines);
}

/** Of each that is sent now, all that were accepted before it under its key have ended or may be passed. */
async function expectInOrder(world: World, claimed: readonly ClaimedDelivery[]): Promise<void> {
  // A replay of one that has ended holds up nobody.
  const rows = (await rowsOf(world)).filter(({ dueAt, replayOf }) => dueAt !== null && replayOf === null);
  const open = new Set(rows.map(({ eventId }) => eventId));
  for (const { eventId, orderingKey } of claimed) {
    const line = orderingKey === null ? [] : (world.order.get(orderingKey) ?? []);
    const ahead = line.slice(0, line.indexOf(eventId));
    expect(ahead.filter((id) => open.has(id) && !world.passable.has(id))).toEqual([]);
  }
}

const acts = {
  async accept(world, pick) {
    const { tenantId, order } = world;
    const requests = Array.from({ length: 1 + (pick % 3) }, (_, index) => {
      const plain = requestAt(tenantId, new Date());
      const orderingKey = (pick + index) % 5 === 0 ? null : (pickOf(KEYS, pick + index) ?? null);
      return { ...plain, events: [{ ...plain.events[0], orderingKey }] as const };
    });
    const accepted = await acceptEvents(arranged.database, requests);
    for (const { events } of requests) {
      const { id, orderingKey } = events[0];
      if (orderingKey) order.set(orderingKey, [...(order.get(orderingKey) ?? []), id]);
    }
    const lines = accepted.flatMap((result) => (result.kind === 'accepted' ? result.waitsIn : []));
    await releaseUnlessDead(lines, pick);
  },
  async claim(world, pick) {
    const rows = await rowsOf(world);
    // Whatever a queue may ring for: held ones too, should a job of theirs ever exist.
    const claimed = await walker.claim(rows.filter((_, index) => (index + pick) % 3 > 0));
    await expectInOrder(world, claimed);
    world.held.push(...claimed);
  },
  async record(world, pick) {
    const delivery = pickOf(world.held, pick);
    if (!delivery) return;
    world.held = world.held.filter((each) => each !== delivery);
    const last = delivery.number === delivery.attemptLimit || pick % 7 === 0;
    await walker.record(
      [delivery],
      pick % 3 === 0
        ? { status: 'succeeded' }
        : last
          ? { status: 'failed', disable: null }
          : { status: 'retrying', delayMs: 0 },
    );
    const { endpointId, orderingKey } = delivery;
    if (orderingKey !== null) await releaseUnlessDead([{ endpointId, orderingKey }], pick >> 1);
  },
  async cancel(world, pick) {
    const row = pickOf(await rowsOf(world), pick);
    const scoped = scopeToTenant(arranged.database, world.tenantId);
    if (row) await cancelDelivery(scoped, world.tenantId, row.id, operatorAct('delivery', row.id));
  },
  async replay(world, pick) {
    const row = pickOf(await rowsOf(world), pick);
    if (row) await replayDelivery(arranged.database, world.tenantId, row.id, operatorAct('delivery', row.id));
  },
  async changePolicy(world, pick) {
    world.policy = pickOf(POLICIES, pick) ?? null;
    await arranged.database.endpoint.update({
      where: { id: world.endpointId },
      data: { orderingSkipAfter: world.policy },
    });
  },
  async die(world) {
    world.held = [];
    await arranged.database.$executeRaw`
      UPDATE deliveries SET lease_until = now() - interval '1 second'
      WHERE tenant_id = ${world.tenantId}::uuid AND lease_token IS NOT NULL`;
    await arranged.database.$executeRaw`UPDATE claims SET expires_at = now() - interval '1 second'`;
    await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
  },
  async sweep() {
    await sweepHeld(arranged.database, SWEEP_START, 100);
  },
  async disableAndEnable({ endpointId }, pick) {
    const change = (data: object) => arranged.database.endpoint.update({ where: { id: endpointId }, data });
    await change({ status: 'disabled' });
    // Or it dies before the backlog is cancelled, and somebody enables it again.
    if (pick % 2 === 0) await cancelBacklog(arranged.database, endpointId);
    if (pick % 3 === 0) await sweepHeld(arranged.database, SWEEP_START, 100);
    await change({ status: 'enabled', disabledReason: null });
  },
} satisfies Record<string, Act>;

async function notePassable({ policy, passable, ...world }: World): Promise<void> {
  if (policy === null) return;
  for (const { eventId, attempts } of await rowsOf({ policy, passable, ...world }))
    if (attempts >= policy) passable.add(eventId);
}

/** Nothing goes wrong any more: everything comes to its end, a step of each line in every round. */
async function drain(world: World): Promise<void> {
  await acts.die(world);
  await notePassable(world);
  const open = async () => (await rowsOf(world)).filter(({ dueAt }) => dueAt !== null);
  const most = (await open()).length + 1;
  for (let round = 0; round < most && (await open()).length > 0; round += 1) {
    await acts.sweep();
    const claimed = await walker.claim(await open());
    expect(claimed.length).toBeGreaterThan(0);
    await expectInOrder(world, claimed);
    await walker.record(claimed, { status: 'succeeded' });
  }
  expect(await open()).toEqual([]);
}

type Engine = Readonly<Record<keyof typeof acts, Act>>;

const command = (name: keyof typeof acts, pick: number): fc.AsyncCommand<World, Engine> => ({
  check: ({ held }) => name !== 'record' || held.length > 0,
  async run(world, engine) {
    await engine[name](world, pick);
    await notePassable(world);
  },
  toString: () => `${name}(${pick})`,
});

test('In random histories with deaths, of one key none overtakes another that must not, and nobody is held for ever', async () => {
  const names = Object.keys(acts) as (keyof typeof acts)[];
  const usual = ['accept', 'claim', 'record', 'claim', 'record', 'accept'] as const;
  const commands = [...names, ...usual, ...usual].map((name) => fc.nat(60).map((pick) => command(name, pick)));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...POLICIES),
      fc.commands(commands, { maxCommands: 50, size: 'max' }),
      async (policy, history) => {
        const tenantId = await arranged.tenant();
        const options = policy === null ? {} : { orderingSkipAfter: policy };
        const endpointId = await arranged.endpoint(tenantId, 'https://one.example', options);
        const world: World = { tenantId, endpointId, policy, order: new Map(), passable: new Set(), held: [] };
        await fc.asyncModelRun(() => ({ model: world, real: acts }), history);
        await drain(world);
        await arranged.database.claim.deleteMany();
      },
    ),
    { numRuns: Number(process.env['HISTORIES'] ?? 60) },
  );
}, 600_000);

test('Whoever commits later lets go whom the other held: in races of posting and recording no sweep is needed', async () => {
  const tenantId = await arranged.tenant();
  const endpointId = await arranged.endpoint(tenantId, 'https://one.example');
  const line = { endpointId, orderingKey: 'a' };
  for (let round = 0; round < 150; round += 1) {
    const [head] = await arranged.events(tenantId, 1, { orderingKey: 'a' });
    const claimed = await walker.claim(head ? [head] : []);
    const post = async () => {
      const due = await arranged.events(tenantId, 1, { orderingKey: 'a' });
      return due.length > 0 ? due : releaseHeld(arranged.database, [line]);
    };
    const record = async () => {
      await walker.record(claimed, { status: 'succeeded' });
      return releaseHeld(arranged.database, [line]);
    };
    const due = (await Promise.all([post(), record()])).flat();
    expect(due).toHaveLength(1);
    await walker.attempt(due, { status: 'succeeded' });
  }
}, 120_000);
