import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { type System, type SystemTenant, startSystem } from '@posthorn/testkit/start-system';
import { Webhook } from 'standardwebhooks';
import { type QueuedEndpoint, queueUp } from './queue-up.ts';

const LIMIT = 8;
const EVENTS = 600;
const ANSWERED_AT_ONCE = 200;

let system: System;
let other: StartedProcess;
let receiver: Receiver;

beforeAll(async () => {
  system = await startSystem({ ENDPOINT_CONCURRENCY: String(LIMIT) });
  const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = system;
  other = await startProcess('dispatcher', { DATABASE_URL, REDIS_URL, ENDPOINT_CONCURRENCY: String(LIMIT) });
});
afterAll(async () => {
  await Promise.all([system.stop(), other.stop()]);
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const count = async (where: string): Promise<number> =>
  (await runSql<{ n: number }>(system.databaseUrl, `SELECT count(*)::int AS n FROM deliveries WHERE ${where}`))[0]?.n ??
  0;

/** Brings an endpoint to where both dispatchers have all requests in flight that they may, and others claimed. */
async function fillUp() {
  const hanging: ServerResponse[] = [];
  const from = receiver.requests.length;
  let hangs = true;
  receiver.answer((response) => {
    if (hangs && receiver.requests.length - from > ANSWERED_AT_ONCE) hanging.push(response);
    else response.writeHead(200).end();
  });
  const tenant = await system.tenant('standard-webhooks');
  const endpoint = await queueUp(tenant, `${receiver.url}/old`, EVENTS);
  const mine = `tenant_id = (SELECT id FROM tenants ORDER BY created_at DESC LIMIT 1)`;
  // More where the dispatchers have not seen each other yet.
  await eventually(() => expect(hanging.length).toBeGreaterThanOrEqual(LIMIT));
  const letGo = (): void => {
    hangs = false;
    for (const response of hanging) response.writeHead(200).end();
  };
  return { tenant, endpoint, mine, letGo };
}

/** How many changes each dispatcher has heard of. */
const heard = (): Promise<number[]> =>
  Promise.all(
    [system.dispatcher, other].map(async ({ url }) =>
      Number(/^posthorn_endpoint_changes_total\S* (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]),
    ),
  );

const CHANGES: [what: string, change: (tenant: SystemTenant, path: string) => Promise<unknown>, goesOn: boolean][] = [
  ['its URL changed', (tenant, path) => tenant.expect('PATCH', path, { url: `${receiver.url}/new` }), true],
  [
    'its secret was replaced',
    (tenant, path) => tenant.expect('POST', `${path}/rotate-secret`, { overlap_seconds: 0 }),
    true,
  ],
  ['it was disabled', (tenant, path) => tenant.expect('PATCH', path, { status: 'disabled' }), false],
  ['it was deleted', (tenant, path) => tenant.expect('DELETE', path), false],
];

test.each(CHANGES)(
  'No request begins on what an endpoint was before %s, on any dispatcher',
  async (_, change, goesOn) => {
    const heardBefore = await heard();
    const { tenant, endpoint, mine, letGo } = await fillUp();
    const changed = (await change(tenant, `/v1/webhook-endpoints/${endpoint.id}`)) as Partial<QueuedEndpoint>;
    const before = receiver.requests.length;
    await eventually(async () => expect(await heard()).toEqual(heardBefore.map((changes) => changes + 1)));
    letGo();
    const ended = goesOn ? `status = 'succeeded' AND attempts = 1` : `status IN ('succeeded', 'cancelled')`;
    await eventually(async () => expect(await count(`${mine} AND ${ended} AND lease_token IS NULL`)).toBe(EVENTS));
    const later = receiver.requests.slice(before);
    expect(later).toHaveLength(goesOn ? EVENTS - before : 0);
    if (changed.signing_secret) {
      const verifier = new Webhook(changed.signing_secret);
      for (const { body, headers } of later) verifier.verify(body, headers as Record<string, string>);
    } else expect(later.filter(({ path }) => path === '/old')).toEqual([]);
  },
);

test('No request begins of what was cancelled after it was claimed, on any dispatcher', async () => {
  const heardBefore = await heard();
  let { tenant, mine, letGo } = await fillUp();
  const claimedAhead = async (): Promise<string[]> => {
    const claimed = await runSql<{ id: string }>(
      system.databaseUrl,
      `SELECT id::text FROM deliveries WHERE ${mine} AND lease_token IS NOT NULL`,
    );
    const sent = new Set(receiver.requests.map(({ headers }) => headers['x-posthorn-delivery']));
    return claimed.map(({ id }) => encodeTypeId('delivery', id)).filter((id) => !sent.has(id));
  };
  let ahead = await claimedAhead();
  // They wait for a second: a machine that is busy may be too late to see them.
  for (let more = 0; more < 5 && ahead.length === 0; more += 1) {
    letGo();
    await eventually(async () => expect(await count(`${mine} AND status = 'succeeded'`)).toBe(EVENTS));
    ({ tenant, mine, letGo } = await fillUp());
    ahead = await claimedAhead();
  }
  expect(ahead).not.toEqual([]);
  await Promise.all(ahead.map((id) => tenant.expect('POST', `/v1/webhook-deliveries/${id}/cancel`)));
  await eventually(async () => expect(await heard()).toEqual(heardBefore.map((changes) => changes + ahead.length)));
  letGo();
  const ended = `(status = 'succeeded' AND attempts = 1 OR status = 'cancelled' AND attempts = 0)`;
  await eventually(async () => expect(await count(`${mine} AND ${ended} AND lease_token IS NULL`)).toBe(EVENTS));
  expect(receiver.requests.filter(({ headers }) => ahead.includes(String(headers['x-posthorn-delivery'])))).toEqual([]);
});
