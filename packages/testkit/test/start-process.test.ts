import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimTestRedis } from '../src/claim-test-redis.ts';
import { createTestDatabase } from '../src/create-test-database.ts';
import { startProcess } from '../src/start-process.ts';
import { type Receiver, startReceiver } from '../src/start-receiver.ts';

let stranger: Receiver;
beforeEach(async () => {
  stranger = await startReceiver(200);
});
afterEach(() => stranger.close());

test.each([
  { app: 'api', setting: 'PORT', says: /another process uses it/ },
  { app: 'dispatcher', setting: 'DISPATCHER_PORT', says: /The port is taken/ },
] as const)('A stranger that answers on its port does not pass for the $app', async ({ app, setting, says }) => {
  const env = {
    DATABASE_URL: await createTestDatabase(),
    REDIS_URL: await claimTestRedis(),
    [setting]: new URL(stranger.url).port,
  };
  await expect(startProcess(app, env)).rejects.toThrow(says);
});
