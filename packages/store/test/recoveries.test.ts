import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { advanceRecovery } from '../src/engine/advance-recovery.ts';
import { createRecovery } from '../src/operator/create-recovery.ts';

let arranged: Arranged;
let tenantId: string;
let endpointId: string;

beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());
beforeEach(async () => {
  await arranged.database.recovery.updateMany({ data: { status: 'stopped', finishedAt: new Date() } });
  tenantId = await arranged.tenant();
  endpointId = await arranged.endpoint(tenantId, 'https://one.example');
});

const failAll = () =>
  arranged.database.delivery.updateMany({
    where: { tenantId, status: 'pending' },
    data: { status: 'failed', dueAt: null, completedAt: new Date() },
  });
const recover = (until = new Date(), statuses = ['failed']) =>
  createRecovery(
    arranged.database,
    { tenantId, endpointId, since: new Date(0), until, statuses },
    0,
    operatorAct('endpoint', endpointId),
  );
const replays = () => arranged.database.delivery.findMany({ where: { tenantId, replayOf: { not: null } } });

test('What a recovery makes it never replays, however soon that fails and however far ahead its end lies', async () => {
  await arranged.events(tenantId, 450);
  await failAll();
  await recover(new Date(Date.now() + 180_000));
  for (let rounds = 0; (await advanceRecovery(arranged.database)) !== null && rounds < 10; rounds += 1) await failAll();
  const made = await replays();
  expect(made).toHaveLength(450);
  expect(new Set(made.map(({ replayOf }) => replayOf)).size).toBe(450);
});

/** Statements that wait for a lock. */
const waiting = async (): Promise<number> => {
  const rows = await arranged.database.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return rows.length;
};

test('Two recoveries of one endpoint that two dispatchers carry on at once replay each delivery once', async () => {
  await arranged.events(tenantId, 300);
  await failAll();
  await recover();
  const later = await recover();
  // Neither can commit before both have begun.
  const both = await arranged.database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM deliveries WHERE tenant_id = ${tenantId}::uuid FOR UPDATE`;
    const first = advanceRecovery(arranged.database);
    await eventually(async () => expect(await waiting()).toBe(1));
    await arranged.database.recovery.update({ where: { id: later }, data: { nextAt: new Date(0) } });
    let idle = false;
    const second = advanceRecovery(arranged.database).then((made) => (idle = made === null));
    await eventually(async () => idle || (await waiting()) === 2);
    return { begun: Promise.all([first, second]) };
  });
  await both.begun;
  const running = () => arranged.database.recovery.count({ where: { tenantId, status: 'running' } });
  const carryOn = async (): Promise<void> => {
    while ((await running()) > 0) await advanceRecovery(arranged.database);
  };
  await Promise.all([carryOn(), carryOn()]);
  const made = await replays();
  expect(made).toHaveLength(300);
  expect(new Set(made.map(({ replayOf }) => replayOf)).size).toBe(300);
});

test('A recovery whose statement fails every time does not hold up the others', async () => {
  await arranged.events(tenantId, 1);
  await failAll();
  await arranged.database.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'Refused'; END $$`);
  await arranged.database.$executeRawUnsafe(`
    CREATE TRIGGER refused BEFORE INSERT ON deliveries FOR EACH ROW
    WHEN (NEW.endpoint_id = '${endpointId}' AND NEW.replay_of IS NOT NULL) EXECUTE FUNCTION refuse()`);
  const broken = await recover();
  tenantId = await arranged.tenant();
  endpointId = await arranged.endpoint(tenantId, 'https://two.example');
  await arranged.events(tenantId, 3);
  await failAll();
  const sound = await recover();
  await expect(advanceRecovery(arranged.database)).rejects.toThrow(broken);
  await advanceRecovery(arranged.database);
  expect(await replays()).toHaveLength(3);
  const rows = await arranged.database.recovery.findMany({
    where: { id: { in: [broken, sound] } },
    orderBy: { id: 'asc' },
  });
  expect(rows.map(({ status }) => status)).toEqual(['running', 'done']);
  expect(rows[0]?.nextAt.getTime()).toBeGreaterThan(Date.now() + 20_000);
});
