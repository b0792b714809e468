// Deliveries of one ordering key to one endpoint wait for each other: who is held, who is released, and by whom.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isHeld } from '@posthorn/domain/delivery/held-until';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { v7 } from 'uuid';
import { acceptEvents } from '../src/engine/accept-events.ts';
import { claimParked } from '../src/engine/claim-parked.ts';
import { explainUnclaimed } from '../src/engine/explain-unclaimed.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import { parkDeliveries } from '../src/engine/park-deliveries.ts';
import { releaseHeld } from '../src/engine/release-held.ts';
import { SWEEP_START, sweepHeld } from '../src/engine/sweep-held.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import { findOverdueIds } from '../src/operator/find-overdue-ids.ts';
import { readLedger } from '../src/operator/read-ledger.ts';
import { replayDelivery } from '../src/operator/replay-delivery.ts';
import { cancelDelivery } from '../src/tenant/cancel-delivery.ts';
import { findDelivery } from '../src/tenant/find-delivery.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';
import { updateEndpoint } from '../src/tenant/update-endpoint.ts';
import { requestAt } from './age-events.ts';
import { type LineWalker, walkLines } from './walk-lines.ts';

const FAILED = { status: 'retrying', delayMs: 60_000 } as const;
const DONE = { status: 'succeeded' } as const;

let arranged: Arranged;
let walker: LineWalker;
let tenantId: string;
let endpointId: string;
beforeEach(async () => {
  arranged = arrange(await createTestDatabase());
  walker = walkLines(arranged);
  tenantId = await arranged.tenant();
  endpointId = await arranged.endpoint(tenantId, 'https://one.example');
});
afterEach(() => arranged.close());

const post = (orderingKey?: string, count = 1) =>
  arranged.events(tenantId, count, orderingKey === undefined ? {} : { orderingKey });
const release = (orderingKey = 'a', at = endpointId) =>
  releaseHeld(arranged.database, [{ endpointId: at, orderingKey }]);
const sweep = async () => (await sweepHeld(arranged.database, SWEEP_START, 100)).released;
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
const rowOf = (id: string) => arranged.database.delivery.findUniqueOrThrow({ where: { id } });

describe('A delivery with an ordering key', () => {
  test('is held while an earlier one of its key and endpoint is open, and gets no job', async () => {
    const first = await post('a');
    expect(first).toHaveLength(1);
    expect(await post('a')).toEqual([]);
    const held = await walker.heldAt(endpointId);
    expect(held).toHaveLength(1);
    expect(isHeld((await rowOf(held[0] ?? '')).dueAt)).toBe(true);
  });

  test('is not held by another key, by one without a key, or at another endpoint', async () => {
    const otherId = await arranged.endpoint(tenantId, 'https://two.example');
    expect(await post('a')).toHaveLength(2);
    expect(await post('b')).toHaveLength(2);
    expect(await post()).toHaveLength(2);
    const first = await arranged.database.delivery.findFirstOrThrow({
      where: { endpointId: otherId, orderingKey: 'a' },
    });
    await walker.attempt([first], DONE);
    expect(await post('a')).toMatchObject([{ endpointId: otherId }]);
  });

  test('goes after those that stand before it in one request, in their order', async () => {
    const [head] = await post('a', 4);
    const order = await walker.heldAt(endpointId);
    expect(order).toHaveLength(3);
    const jobs = async (some: readonly string[]) =>
      Promise.all(
        some.map(async (id) => (await arranged.database.delivery.findUniqueOrThrow({ where: { id } })).jobId),
      );
    expect(await jobs([head?.id ?? '', ...order])).toEqual(['job-0', 'job-1', 'job-2', 'job-3']);
  });

  test('of a pair goes after the other half, which was asked for', async () => {
    const plain = requestAt(tenantId, new Date());
    const [asked, other] = [0, 1].map(() => ({ ...requestAt(tenantId, new Date()).events[0], orderingKey: 'a' }));
    if (!asked || !other) throw new Error('Two events were made');
    const [accepted] = await acceptEvents(arranged.database, [{ ...plain, events: [asked, other] }]);
    expect(accepted).toMatchObject({ kind: 'accepted', due: [{ endpointId }], waitsIn: [] });
    const [held] = await walker.heldAt(endpointId);
    expect((await rowOf(held ?? '')).eventId).toBe(other.id);
  });

  test('says in which lines it waits for what was there before, so that somebody looks again', async () => {
    const request = () => {
      const plain = requestAt(tenantId, new Date());
      return { ...plain, events: [{ ...plain.events[0], orderingKey: 'a' }] as const };
    };
    const results = async (count: number) => acceptEvents(arranged.database, Array.from({ length: count }, request));
    expect(await results(2)).toMatchObject([{ waitsIn: [] }, { waitsIn: [] }]);
    expect(await results(2)).toMatchObject([{ waitsIn: [{ endpointId, orderingKey: 'a' }] }, { waitsIn: [] }]);
  });

  test('takes no room while it is held, and its head may be parked', async () => {
    const none = { jobs: 0, jobsPerEndpoint: 0, busy: new Map<string, number>() };
    expect(await arranged.events(tenantId, 2, { orderingKey: 'a', room: none })).toEqual([]);
    const rows = await arranged.database.delivery.findMany({
      where: { tenantId },
      orderBy: { orderingPosition: 'asc' },
    });
    expect(rows.map(({ parked, dueAt }) => [parked, isHeld(dueAt)])).toEqual([
      [true, false],
      [false, true],
    ]);
    // Three that are held, and then one that is not: there is room for it.
    const room = { ...none, jobs: 1, jobsPerEndpoint: 1 };
    const requests = ['a', 'a', 'a', null].map((orderingKey) => {
      const plain = requestAt(tenantId, new Date());
      return { ...plain, events: [{ ...plain.events[0], orderingKey }] as const, room };
    });
    const accepted = await acceptEvents(arranged.database, requests);
    expect(accepted.map((result) => result.kind === 'accepted' && result.due.length)).toEqual([0, 0, 0, 1]);
  });

  test('takes no room of its tenant from another endpoint’s deliveries either', async () => {
    const other = await arranged.tenant();
    await arranged.endpoint(other, 'https://lines.example', { events: ['domain.verified'] });
    await arranged.endpoint(other, 'https://plain.example', { events: ['domain.drift'] });
    const room = { jobs: 2, jobsPerEndpoint: 100, busy: new Map<string, number>() };
    const types = [...Array.from({ length: 10 }, () => 'domain.verified'), 'domain.drift'];
    const requests = types.map((type) => {
      const plain = requestAt(other, new Date());
      const orderingKey = type === 'domain.drift' ? null : 'a';
      return { ...plain, events: [{ ...plain.events[0], type, orderingKey }] as const, room };
    });
    const accepted = await acceptEvents(arranged.database, requests);
    const due = accepted.map((result) => (result.kind === 'accepted' ? result.due.length : Number.NaN));
    expect([due[0], due.at(-1)]).toEqual([1, 1]);
    expect(await arranged.database.delivery.count({ where: { tenantId: other, parked: true } })).toBe(0);
  });

  test('of a disabled endpoint is skipped, and holds up nobody', async () => {
    await arranged.database.endpoint.update({ where: { id: endpointId }, data: { status: 'disabled' } });
    expect(await post('a', 2)).toEqual([]);
    await arranged.database.endpoint.update({ where: { id: endpointId }, data: { status: 'enabled' } });
    expect(await post('a')).toHaveLength(1);
  });

  test('is found by nothing that looks for due rows', async () => {
    const due = await post('a', 3);
    const held = await walker.heldAt(endpointId);
    const requests = held.map((deliveryId) => ({ deliveryId, generation: 0 }));
    const scanned = await listDueDeliveries(arranged.database, -60_000, null, 1_000);
    expect(ids(scanned.rows)).not.toEqual(expect.arrayContaining([held[0]]));
    await parkDeliveries(arranged.database, requests);
    const limits = { tenantId, endpointId, limit: 10 };
    expect(await claimParked(arranged.database, [limits], { token: v7(), dispatcherId: null, marginMs: 1 })).toEqual(
      [],
    );
    expect(await explainUnclaimed(arranged.database, requests)).toEqual(new Map());
    expect(await walker.claim(held.map((id) => ({ id, generation: 0 })))).toEqual([]);
    await walker.attempt(due, FAILED);
    expect((await findOverdueIds(arranged.database, tenantId, { limit: 10, before: null }, {})).rows).toEqual([]);
    expect((await readLedger(arranged.database, tenantId)).oldestDueMs).toBe(0);
  });

  test('says whom it waits for: the first in its line', async () => {
    const [head] = await post('a', 3);
    const scoped = scopeToTenant(arranged.database, tenantId);
    for (const id of await walker.heldAt(endpointId))
      expect(await findDelivery(scoped, id)).toMatchObject({ waitsFor: head?.id });
    expect(await findDelivery(scoped, head?.id ?? '')).toMatchObject({ waitsFor: null });
  });
});

describe('The next in a line is released', () => {
  test('once the one before has ended, whichever way, and not while it is retried', async () => {
    for (const end of [DONE, { status: 'failed', disable: null } as const]) {
      const due = await post('a', 2);
      await walker.attempt(due, { status: 'retrying', delayMs: 0 });
      expect(await release()).toEqual([]);
      await walker.attempt(due, end);
      const [next] = await release();
      expect(next).toMatchObject({ tenantId, endpointId, generation: 0, attemptLimit: 6 });
      expect(await walker.heldAt(endpointId)).toEqual([]);
      await walker.attempt(next ? [next] : [], DONE);
    }
  });

  test('once only, however many release it at once', async () => {
    await walker.attempt(await post('a', 3), DONE);
    const released = await Promise.all(Array.from({ length: 8 }, () => release()));
    expect(released.flat()).toHaveLength(1);
    expect(await walker.heldAt(endpointId)).toHaveLength(1);
  });

  test('one after the other, in the order of the request, also of many lines in one statement', async () => {
    const keys = ['a', 'b', 'c'];
    let due = (await Promise.all(keys.map((key) => post(key, 3)))).flat();
    for (let step = 0; step < 3; step += 1) {
      const jobs = await arranged.database.delivery.findMany({ where: { id: { in: ids(due) } } });
      expect(jobs.map(({ jobId }) => jobId)).toEqual(keys.map(() => `job-${step}`));
      await walker.attempt(due, DONE);
      due = await releaseHeld(
        arranged.database,
        keys.map((orderingKey) => ({ endpointId, orderingKey })),
      );
    }
    expect(due).toEqual([]);
  });

  test('when the one before is cancelled, disabled endpoints and replays let nobody wait', async () => {
    const [head] = await post('a', 2);
    const scoped = scopeToTenant(arranged.database, tenantId);
    await cancelDelivery(scoped, tenantId, head?.id ?? '', operatorAct('delivery', 'dlv'));
    const [next] = await sweep();
    expect(next).toMatchObject({ endpointId });
    await walker.attempt(next ? [next] : [], DONE);
    const replayed = await replayDelivery(arranged.database, tenantId, next?.id ?? '', operatorAct('delivery', 'dlv'));
    expect(replayed).toMatchObject({ kind: 'replayed', delivery: { orderingKey: null } });
    expect(await post('a')).toHaveLength(1);
  });

  test('when what was under way in a process that died has used up its attempts', async () => {
    const due = await post('a', 2);
    await walker.claim(due);
    await arranged.database
      .$executeRaw`UPDATE deliveries SET attempt_limit = 1, lease_until = now() - interval '1 s' WHERE id = ${due[0]?.id ?? ''}::uuid`;
    await arranged.database.$executeRaw`UPDATE claims SET expires_at = now() - interval '1 s'`;
    expect(await sweep()).toEqual([]);
    await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    expect(await sweep()).toHaveLength(1);
  });

  test('a held one that is cancelled itself holds up nobody', async () => {
    const due = await post('a', 3);
    const [middle, last] = await walker.heldAt(endpointId);
    const scoped = scopeToTenant(arranged.database, tenantId);
    const cancelled = await cancelDelivery(scoped, tenantId, middle ?? '', operatorAct('delivery', 'dlv'));
    expect(cancelled).toMatchObject({ kind: 'cancelled', delivery: { status: 'cancelled', dueAt: null } });
    await walker.attempt(due, DONE);
    expect(ids(await release())).toEqual([last]);
  });
});

describe('At an endpoint that passes failing deliveries', () => {
  beforeEach(async () => {
    tenantId = await arranged.tenant();
    endpointId = await arranged.endpoint(tenantId, 'https://one.example', { orderingSkipAfter: 2 });
  });

  test('the next waits until the one before has failed so often, and is then sent beside its retries', async () => {
    const [head] = await post('a', 3);
    const due = head ? [head] : [];
    await walker.attempt(due, { status: 'retrying', delayMs: 0 });
    expect(await release()).toEqual([]);
    await walker.attempt(due, { status: 'retrying', delayMs: 0 });
    const [next] = await release();
    expect(next?.id).not.toBe(head?.id);
    // Passed for good: it is retried, and holds up nobody any more, released or posted later.
    expect(await rowOf(head?.id ?? '')).toMatchObject({ status: 'retrying', orderingPosition: null, orderingKey: 'a' });
    await walker.attempt(due, { status: 'retrying', delayMs: 0 });
    expect(await release()).toEqual([]);
    await walker.attempt(next ? [next] : [], DONE);
    expect(await release()).toHaveLength(1);
  });

  test('what is posted after that is not held by it', async () => {
    const due = await post('a');
    await walker.attempt(due, { status: 'retrying', delayMs: 0 });
    await walker.attempt(due, { status: 'retrying', delayMs: 0 });
    expect(await post('a')).toHaveLength(1);
    expect(await post('a')).toEqual([]);
  });

  test('any number that failed are passed at once when the policy is changed to that', async () => {
    const other = await arranged.endpoint(tenantId, 'https://two.example', { events: ['none'] });
    const scoped = scopeToTenant(arranged.database, tenantId);
    const change = (orderingSkipAfter: number | null) =>
      updateEndpoint(scoped, { tenantId, id: endpointId }, { orderingSkipAfter }, operatorAct('endpoint', other));
    await change(null);
    const due = await post('a', 2);
    await walker.attempt(due, FAILED);
    expect(await sweep()).toEqual([]);
    await change(1);
    expect(await sweep()).toHaveLength(1);
    await change(null);
    expect(await post('a')).toEqual([]);
  });
});

describe('The sweep', () => {
  test('finds what nobody released, and goes on where it ended', async () => {
    // Of these the head is under way: whoever begins with them each time gets no further.
    for (const key of ['a', 'b', 'c']) await walker.claim(await post(key, 2));
    const keys = Array.from({ length: 7 }, (_, index) => `left-${index}`);
    for (const key of keys) await walker.attempt(await post(key, 2), DONE);
    const released: string[] = [];
    let next = SWEEP_START;
    for (let round = 0; round < 4; round += 1) {
      const swept = await sweepHeld(arranged.database, next, 3);
      released.push(...ids(swept.released));
      next = swept.next;
    }
    expect(new Set(released).size).toBe(7);
    expect(next).toEqual(SWEEP_START);
    expect(await walker.heldAt(endpointId)).toHaveLength(3);
  });

  test('cancels what is held at an endpoint that was disabled or deleted', async () => {
    await post('a', 3);
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { status: 'disabled', disabledReason: 'Enough' },
    });
    expect(await sweep()).toEqual([]);
    const rows = await arranged.database.delivery.findMany({
      where: { endpointId },
      orderBy: { orderingPosition: 'asc' },
    });
    expect(rows.map(({ status }) => status)).toEqual(['pending', 'cancelled', 'cancelled']);
    expect(rows[1]?.lastError).toBe('The endpoint was disabled: Enough');
  });
});

test('PostgreSQL refuses a held delivery that is parked, leased, attempted or in no line', async () => {
  const [head] = await post('a', 2);
  const [id = ''] = await walker.heldAt(endpointId);
  const set = (change: string) =>
    arranged.database.$executeRawUnsafe(`UPDATE deliveries SET ${change} WHERE id = '${id}'`);
  for (const change of ['parked = true', "status = 'retrying', attempts = 1", 'ordering_position = NULL'])
    await expect(set(change)).rejects.toThrow(/deliveries_held_in_line/);
  await expect(set('lease_token = id, leased_at = now(), lease_until = now()')).rejects.toThrow(
    /deliveries_held_in_line/,
  );
  await expect(
    arranged.database.$executeRaw`UPDATE deliveries SET ordering_key = NULL WHERE id = ${head?.id ?? ''}::uuid`,
  ).rejects.toThrow(/deliveries_position_of_key/);
});
