import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { type System, startSystem } from '@posthorn/testkit/start-system';
import { queueUp } from './queue-up.ts';

const LIMIT = 8;
const EVENTS = 600;
const ANSWERED_AT_ONCE = 100;

let system: System;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  system = await startSystem({ ENDPOINT_CONCURRENCY: String(LIMIT) });
});
afterAll(async () => {
  await system.stop();
  await receiver.close();
});

test('An endpoint that was quick and hangs has its limit in flight and nothing claimed beyond it; no attempt is spent', async () => {
  const hanging: ServerResponse[] = [];
  let hangs = true;
  receiver.answer((response) => {
    if (hangs && receiver.requests.length > ANSWERED_AT_ONCE) hanging.push(response);
    else response.writeHead(200).end();
  });
  // Its requests may take twenty seconds: none ends while this looks at them.
  const tenant = await system.tenant('standard-webhooks');
  await queueUp(tenant, `${receiver.url}/hook`, EVENTS);
  const count = async (where: string): Promise<number | undefined> =>
    (await runSql<{ n: number }>(system.databaseUrl, `SELECT count(*)::int AS n FROM deliveries WHERE ${where}`))[0]?.n;
  await eventually(() => expect(hanging).toHaveLength(LIMIT));
  await eventually(async () => {
    expect(await count(`status = 'succeeded'`)).toBe(ANSWERED_AT_ONCE);
    expect(await count('lease_token IS NOT NULL')).toBe(LIMIT);
  });
  hangs = false;
  for (const response of hanging) response.writeHead(200).end();
  await eventually(async () => expect(await count(`status = 'succeeded' AND attempts = 1`)).toBe(EVENTS));
  expect(receiver.load.most).toBe(LIMIT);
  expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(EVENTS);
  expect(receiver.requests).toHaveLength(EVENTS);
});
