import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
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
  createRecovery(arranged.database, { tenantId, endpointId, since: new Date(0), until, statuses }, 0);
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
