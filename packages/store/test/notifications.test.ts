import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { v7 } from 'uuid';
import { claimNotifications } from '../src/engine/claim-notifications.ts';
import { settleNotification } from '../src/engine/settle-notification.ts';

const LEASE_MS = 60_000;

let arranged: Arranged;
let tenantId: string;
let endpointId: string;

beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());
beforeEach(async () => {
  await arranged.database.notification.deleteMany();
  tenantId = await arranged.tenant('cdhosting');
  endpointId = await arranged.endpoint(tenantId, 'https://one.example');
});

async function notify(more: { deliveryId?: string; kind?: string } = {}): Promise<string> {
  const id = v7();
  const fields = { id, tenantId, endpointId, kind: 'endpoint-disabled', reason: 'Tired', ...more };
  await arranged.database.notification.create({ data: fields });
  return id;
}
const claim = (limit = 10, leaseMs = LEASE_MS) => claimNotifications(arranged.database, limit, leaseMs);
const row = (id: string) => arranged.database.notification.findUniqueOrThrow({ where: { id } });

test('A claim brings what the mail says: the tenant, the endpoint, the delivery and its last attempt', async () => {
  const [due] = await arranged.events(tenantId, 1, { type: 'server.started', profile: 'cdhosting' });
  const deliveryId = due?.id ?? '';
  await arranged.database.tenant.update({ where: { id: tenantId }, data: { email: 'ops@acme.example' } });
  await arranged.database.delivery.update({
    where: { id: deliveryId },
    data: { attempts: 2, status: 'failed', dueAt: null, completedAt: new Date() },
  });
  await arranged.database.attempt.createMany({
    data: [1, 2].map((number) => ({
      deliveryId,
      number,
      id: v7(),
      tenantId,
      endpointId,
      startedAt: new Date(),
      durationMs: 1,
      outcome: 'rejected',
      responseStatus: 500 + number,
      responseBody: 'x'.repeat(9_000),
      error: 'Answered',
    })),
  });
  const id = await notify({ deliveryId });
  const [claimed] = await claim();
  expect(claimed).toMatchObject({
    id,
    tries: 1,
    reason: 'Tired',
    tenantId,
    tenantName: 'Test',
    email: 'ops@acme.example',
    endpointId,
    url: 'https://one.example',
    description: '',
    deliveryId,
    type: 'server.started',
    attempt: 2,
    responseStatus: 502,
    responseBody: 'x'.repeat(2_000),
    error: 'Answered',
  });
  expect(claimed?.ageMs).toBeGreaterThanOrEqual(0);
  expect(claimed?.ageMs).toBeLessThan(60_000);
  expect(claimed?.createdAt).toBeInstanceOf(Date);
});

test('Of many dispatchers at once, each notification goes to one', async () => {
  const ids = await Promise.all(Array.from({ length: 30 }, () => notify()));
  const rounds = await Promise.all(Array.from({ length: 12 }, () => claim(3)));
  const claimed = rounds.flat().map(({ id }) => id);
  expect(new Set(claimed).size).toBe(claimed.length);
  expect([...claimed, ...(await claim(30)).map(({ id }) => id)].toSorted()).toEqual(ids.toSorted());
});

test('One that another dispatcher is just claiming is neither claimed nor waited for', async () => {
  const [taken, free] = [await notify(), await notify()];
  await arranged.database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM notifications WHERE id = ${taken}::uuid FOR UPDATE`;
    expect((await claim()).map(({ id }) => id)).toEqual([free]);
  });
});

test('What a dead dispatcher had claimed is due again when its lease ran out', async () => {
  const id = await notify();
  await claim(1, -1);
  expect(await claim()).toMatchObject([{ id, tries: 2 }]);
  expect(await claim()).toEqual([]);
});

test('A kind that only a newer version knows is left to it', async () => {
  await notify({ kind: 'birthday' });
  expect(await claim()).toEqual([]);
});

describe('After a try', () => {
  test('a mail that was sent is never due again', async () => {
    const id = await notify();
    const [claimed] = await claim();
    if (!claimed) throw new Error('Nothing was claimed');
    expect(await settleNotification(arranged.database, claimed, { status: 'sent' })).toBe(true);
    expect(await row(id)).toMatchObject({ status: 'sent', dueAt: null, lastError: null, sentAt: expect.any(Date) });
    expect(await settleNotification(arranged.database, claimed, { status: 'failed', error: 'No' })).toBe(false);
  });

  test.each(['logged', 'failed'] as const)('%s is final and has its reason', async (status) => {
    const id = await notify();
    const [claimed] = await claim();
    if (!claimed) throw new Error('Nothing was claimed');
    await settleNotification(arranged.database, claimed, { status, error: 'No' });
    expect(await row(id)).toMatchObject({ status, dueAt: null, lastError: 'No', sentAt: null });
  });

  test('one that failed is due after its wait, not after its lease', async () => {
    const id = await notify();
    const [claimed] = await claim();
    if (!claimed) throw new Error('Nothing was claimed');
    await settleNotification(arranged.database, claimed, { status: 'pending', error: 'Later', delayMs: 600_000 });
    const { dueAt, status, lastError } = await row(id);
    expect({ status, lastError }).toEqual({ status: 'pending', lastError: 'Later' });
    const waitMs = (dueAt?.getTime() ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(590_000);
    expect(waitMs).toBeLessThan(610_000);
  });

  test('whoever lost its lease writes nothing', async () => {
    const id = await notify();
    const [late] = await claim(1, -1);
    await claim();
    if (!late) throw new Error('Nothing was claimed');
    expect(await settleNotification(arranged.database, late, { status: 'failed', error: 'No' })).toBe(false);
    expect(await row(id)).toMatchObject({ status: 'pending', lastError: null });
  });
});
