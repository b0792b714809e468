import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { v7 } from 'uuid';
import { againAfterDeadlock } from '../src/again-after-deadlock.ts';
import { cancelBacklog } from '../src/engine/cancel-backlog.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import type { DueDelivery } from '../src/engine/event-request.ts';
import { type AttemptRecord, type RecordResult, recordAttempts } from '../src/engine/record-attempts.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import { verifyAudit } from '../src/operator/verify-audit.ts';
import { deleteEndpoint } from '../src/tenant/delete-endpoint.ts';
import { scopeToTenant, type TenantDatabase } from '../src/tenant/scope-to-tenant.ts';
import { updateEndpoint } from '../src/tenant/update-endpoint.ts';

const REASON = 'A delivery failed 5 times';

let arranged: Arranged;
let tenantId: string;
let endpointId: string;

beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());
beforeEach(async () => {
  await arranged.database.claim.deleteMany();
  tenantId = await arranged.tenant('cdhosting');
  endpointId = await arranged.endpoint(tenantId, 'https://one.example');
});

const eventsOf = (tenant: string, count: number, profile = 'cdhosting') =>
  arranged.events(tenant, count, { type: 'server.started', profile });

async function claim(due: readonly DueDelivery[], marginMs = 60_000): Promise<ClaimedDelivery[]> {
  const requests = due.map(({ id, generation }) => ({ deliveryId: id, generation }));
  const results = await claimDeliveries(arranged.database, requests, { token: v7(), dispatcherId: null, marginMs });
  return results.map((result) => {
    if (result.kind !== 'claimed') throw new Error(`Not claimed: ${result.kind}`);
    return result.delivery;
  });
}

const failed = (delivery: ClaimedDelivery, disable: string | null = REASON): AttemptRecord => ({
  deliveryId: delivery.id,
  tenantId: delivery.tenantId,
  token: delivery.token,
  attemptId: v7(),
  number: delivery.number,
  startedAt: new Date(),
  durationMs: 5,
  outcome: 'rejected',
  responseStatus: 500,
  responseHeaders: '{}',
  responseBody: 'no',
  error: 'Answered 500',
  requestHeaders: '{}',
  next: { status: 'failed', disable },
});

const endpoint = (id = endpointId) => arranged.database.endpoint.findUniqueOrThrow({ where: { id } });
const noted = (id = endpointId) =>
  arranged.database.auditEntry.findMany({ where: { objectId: encodeTypeId('endpoint', id) } });
const notifications = (id = endpointId) => arranged.database.notification.findMany({ where: { endpointId: id } });
const statuses = async (id = endpointId) => {
  const rows = await arranged.database.delivery.findMany({ where: { endpointId: id } });
  return rows.map(({ status }) => status).toSorted();
};

describe('A delivery that fails for good', () => {
  test('disables its endpoint and leaves a notification, in the statement that records it', async () => {
    const [delivery] = await claim(await eventsOf(tenantId, 1));
    if (!delivery) throw new Error('Nothing was claimed');
    expect(await recordAttempts(arranged.database, [failed(delivery)])).toEqual([
      { kind: 'recorded', status: 'failed' },
    ]);
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabledReason: REASON });
    expect(await notifications()).toMatchObject([
      { tenantId, deliveryId: delivery.id, kind: 'endpoint-disabled', reason: REASON, status: 'pending', tries: 0 },
    ]);
  });

  test('keeps its endpoint where the profile says so', async () => {
    const [delivery] = await claim(await eventsOf(tenantId, 1));
    if (!delivery) throw new Error('Nothing was claimed');
    await recordAttempts(arranged.database, [failed(delivery, null)]);
    expect((await endpoint()).status).toBe('enabled');
    expect(await notifications()).toEqual([]);
  });

  test('leaves one notification when many of an endpoint end in one batch', async () => {
    const other = await arranged.endpoint(tenantId, 'https://two.example');
    const deliveries = await claim(await eventsOf(tenantId, 10));
    await recordAttempts(
      arranged.database,
      deliveries.map((delivery) => failed(delivery)),
    );
    for (const id of [endpointId, other]) {
      expect((await endpoint(id)).status).toBe('disabled');
      expect(await notifications(id)).toHaveLength(1);
    }
  });

  test('leaves one notification when they end in many dispatchers at once', async () => {
    const endpoints = [endpointId, await arranged.endpoint(tenantId, 'https://two.example')];
    const deliveries = await claim(await eventsOf(tenantId, 20));
    // Each batch holds both endpoints, every second one in the other order.
    const ofEndpoint = endpoints.map((id) => deliveries.filter((delivery) => delivery.endpointId === id));
    const batches = Array.from({ length: 20 }, (_, index) => {
      const pair = ofEndpoint.flatMap((some) => some.slice(index, index + 1));
      return (index % 2 === 0 ? pair : pair.toReversed()).map((delivery) => failed(delivery));
    });
    await Promise.all(batches.map((batch) => recordAttempts(arranged.database, batch)));
    for (const id of endpoints) {
      expect(await notifications(id)).toHaveLength(1);
      expect(await noted(id)).toMatchObject([
        { tenantId, actor: 'posthorn', action: 'disableEndpoint', number: expect.anything() },
      ]);
    }
    expect((await verifyAudit(arranged.database)).filter(({ broken }) => broken !== null)).toEqual([]);
    expect(await statuses()).toEqual(Array.from({ length: 20 }, () => 'failed'));
  });

  test('disables nothing when it had been cancelled meanwhile', async () => {
    const [delivery] = await claim(await eventsOf(tenantId, 1));
    if (!delivery) throw new Error('Nothing was claimed');
    await arranged.database.delivery.update({
      where: { id: delivery.id },
      data: { status: 'cancelled', dueAt: null, completedAt: new Date() },
    });
    expect(await recordAttempts(arranged.database, [failed(delivery)])).toEqual([
      { kind: 'recorded', status: 'cancelled' },
    ]);
    expect((await endpoint()).status).toBe('enabled');
    expect(await notifications()).toEqual([]);
  });

  test('waits for a request that disables the endpoint at the same moment, and neither fails', async () => {
    const [delivery] = await claim(await eventsOf(tenantId, 1));
    if (!delivery) throw new Error('Nothing was claimed');
    const isWaiting = async (): Promise<boolean> => {
      const rows = await arranged.database.$queryRaw<unknown[]>`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return rows.length > 0;
    };
    const recording = await arranged.database.$transaction(async (tx) => {
      await tx.endpoint.update({ where: { id: endpointId }, data: { status: 'disabled', disabledReason: 'Asked' } });
      const started = recordAttempts(arranged.database, [failed(delivery)]);
      started.catch(() => undefined);
      await eventually(isWaiting);
      const gone = { status: 'cancelled', dueAt: null, completedAt: new Date() };
      await tx.delivery.updateMany({ where: { id: delivery.id }, data: gone });
      return { started };
    });
    expect(await recording.started).toEqual([{ kind: 'recorded', status: 'cancelled' }]);
    expect((await endpoint()).disabledReason).toBe('Asked');
    expect(await notifications()).toEqual([]);
  });

  test('disables nothing when its lease was lost', async () => {
    const [delivery] = await claim(await eventsOf(tenantId, 1), -20_000);
    if (!delivery) throw new Error('Nothing was claimed');
    await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    expect(await recordAttempts(arranged.database, [failed(delivery)])).toEqual([{ kind: 'lost' }]);
    expect((await endpoint()).status).toBe('enabled');
  });

  test('says nothing more of an endpoint that is disabled or deleted already', async () => {
    const deliveries = await claim(await eventsOf(tenantId, 2));
    const records = deliveries.map((delivery) => failed(delivery));
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { status: 'disabled', disabledReason: 'Disabled on request' },
    });
    await recordAttempts(arranged.database, records.slice(0, 1));
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { status: 'enabled', deletedAt: new Date() },
    });
    await recordAttempts(arranged.database, records.slice(1));
    expect(await notifications()).toEqual([]);
    expect((await endpoint()).disabledReason).toBe('Disabled on request');
  });
});

describe('An attempt that is recorded while its endpoint goes', () => {
  const isWaiting = async (): Promise<boolean> => {
    const rows = await arranged.database.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return rows.length > 0;
  };
  const ways = {
    disabled: (tenant: TenantDatabase) =>
      updateEndpoint(
        tenant,
        { tenantId, id: endpointId },
        { status: 'disabled' },
        operatorAct('endpoint', encodeTypeId('endpoint', endpointId)),
      ),
    deleted: (tenant: TenantDatabase) =>
      deleteEndpoint(tenant, tenantId, endpointId, operatorAct('endpoint', encodeTypeId('endpoint', endpointId))),
  };
  const succeeded = (delivery: ClaimedDelivery): AttemptRecord => ({
    ...failed(delivery),
    outcome: 'succeeded',
    responseStatus: 200,
    error: null,
    next: { status: 'succeeded' },
  });
  const records = {
    succeeded,
    failed: (delivery: ClaimedDelivery) => failed(delivery, null),
    retrying: (delivery: ClaimedDelivery): AttemptRecord => ({
      ...failed(delivery),
      next: { status: 'retrying', delayMs: 60_000 },
    }),
  };

  test.each([
    ['succeeded', 'disabled', 'succeeded'],
    ['succeeded', 'deleted', 'succeeded'],
    ['failed', 'disabled', 'failed'],
    ['retrying', 'disabled', 'cancelled'],
    ['retrying', 'deleted', 'cancelled'],
  ] as const)('as %s, while it is %s: its delivery is %s', async (recorded, way, status) => {
    const [delivery] = await claim(await eventsOf(tenantId, 2));
    if (!delivery) throw new Error('Nothing was claimed');
    const going = await arranged.database.$transaction(async (tx) => {
      await recordAttempts(tx as typeof arranged.database, [records[recorded](delivery)]);
      const started = ways[way](scopeToTenant(arranged.database, tenantId));
      started.catch(() => undefined);
      await eventually(isWaiting);
      return { started };
    });
    await going.started;
    expect(await statuses()).toEqual(['cancelled', status].toSorted());
    const row = await arranged.database.delivery.findUniqueOrThrow({ where: { id: delivery.id } });
    expect([row.attempts, row.status]).toEqual([1, status]);
  });

  test('is one of many: none that was recorded as received is cancelled while a backlog is', async () => {
    const due = await eventsOf(tenantId, 6_000);
    const claimed = await claim(due.slice(-400));
    const again = (batch: readonly AttemptRecord[]) =>
      againAfterDeadlock(() => recordAttempts(arranged.database, batch));
    const recording = (async () => {
      const results: RecordResult[] = [];
      for (let at = 0; at < claimed.length; at += 20)
        results.push(...(await again(claimed.slice(at, at + 20).map(succeeded))));
      return results;
    })();
    await ways.disabled(scopeToTenant(arranged.database, tenantId));
    const told = (await recording).filter((result) => result.kind === 'recorded' && result.status === 'succeeded');
    const open = { endpointId, status: { in: ['pending', 'retrying'] } };
    await eventually(async () => expect(await arranged.database.delivery.count({ where: open })).toBe(0));
    const kept = { endpointId, status: 'succeeded' };
    expect(await arranged.database.delivery.count({ where: kept })).toBe(told.length);
  });
});

test('What is open of a disabled endpoint is cancelled with the reason, and nothing of an enabled one', async () => {
  await eventsOf(tenantId, 3);
  await cancelBacklog(arranged.database, endpointId);
  expect(await statuses()).toEqual(['pending', 'pending', 'pending']);
  await arranged.database.endpoint.update({
    where: { id: endpointId },
    data: { status: 'disabled', disabledReason: REASON },
  });
  await cancelBacklog(arranged.database, endpointId);
  expect(await statuses()).toEqual(['cancelled', 'cancelled', 'cancelled']);
  const delivery = await arranged.database.delivery.findFirst({ where: { endpointId } });
  expect(delivery?.lastError).toBe(`The endpoint was disabled: ${REASON}`);
});

describe('A delivery that keeps killing its dispatcher', () => {
  /** Lets every attempt of a delivery be interrupted. @returns the endpoints that were disabled by it */
  async function interruptAll(due: readonly DueDelivery[], attempts: number): Promise<string[]> {
    const disabled: string[] = [];
    let left = due;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      await claim(left, -70_000);
      const taken = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
      disabled.push(...taken.disabled);
      left = taken.due;
    }
    expect(left).toEqual([]);
    return disabled;
  }

  test('disables its endpoint after the last attempt, with one notification, and names it so that what else is open can be cancelled', async () => {
    const due = await eventsOf(tenantId, 3);
    const [first, second] = due as [DueDelivery, DueDelivery, DueDelivery];
    const disabled = await interruptAll([first, second], 5);
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabledReason: REASON });
    expect(await notifications()).toHaveLength(1);
    expect(disabled).toEqual([endpointId]);
    for (const each of disabled) await cancelBacklog(arranged.database, each);
    expect(await statuses()).toEqual(['cancelled', 'failed', 'failed']);
  });

  test("goes by a tenant's own profile", async () => {
    const profileId = v7();
    const definition = JSON.stringify({ name: 'own', onExhausted: 'disable-endpoint' });
    await arranged.database.ownProfile.create({ data: { id: profileId, tenantId, name: 'own', definition } });
    const due = await eventsOf(tenantId, 1, 'connect-domain');
    await arranged.database.event.updateMany({ where: { tenantId }, data: { profile: 'own', profileId } });
    await interruptAll(due, 6);
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabledReason: 'A delivery failed 6 times' });
  });

  test('keeps its endpoint where the profile says so', async () => {
    await interruptAll(await eventsOf(tenantId, 1, 'connect-domain'), 6);
    expect((await endpoint()).status).toBe('enabled');
    expect(await notifications()).toEqual([]);
  });

  test('of a profile that this version does not know ends all the same', async () => {
    const due = await eventsOf(tenantId, 1);
    await arranged.database.event.updateMany({ where: { tenantId }, data: { profile: 'from-the-future' } });
    await interruptAll(due, 5);
    expect(await statuses()).toEqual(['failed']);
    expect((await endpoint()).status).toBe('enabled');
  });
});
