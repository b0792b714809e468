// Ordering keys from post to receiver, with two dispatchers: what arrives first, who waits, and who does not.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import type { Answer, Receiver } from '@posthorn/testkit/start-receiver';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import { useSystem } from './use-system.ts';

const ENV = { RETRY_MINUTE_MS: '150', EGRESS_ALLOW: '127.0.0.0/8', ALLOW_HTTP: 'true' };
const SETTLE_MS = 30_000;
const suite = useSystem(ENV);
let second: StartedProcess;
beforeAll(async () => {
  const { databaseUrl, redisUrl } = suite.system;
  second = await startProcess('dispatcher', { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, ...ENV });
});
afterAll(async () => expect(await second.stop()).toBe(0));

/** An event as it arrived: its key and its place in the line. */
interface Arrived {
  readonly key: string;
  readonly n: number;
}

const event = (key: string, n: number) => ({
  type: 'domain.verified',
  data: { hostname: 'a', key, n },
  ordering_key: key,
});
const readBody = (body: string): Arrived => (JSON.parse(body) as { data: Arrived }).data;
const arrivedAt = ({ requests }: Receiver): Arrived[] => requests.map(({ body }) => readBody(body));
const ofKey = (receiver: Receiver, wanted: string): number[] =>
  arrivedAt(receiver).flatMap(({ key, n }) => (key === wanted ? [n] : []));
const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

/** Answers as a receiver would that refuses some of what it gets. @param tries how often this one came, from 1 on */
function answering(statusOf: (arrived: Arrived, tries: number) => number): Answer {
  const tries = new Map<string, number>();
  return (response, { body }) => {
    const arrived = readBody(body);
    const name = `${arrived.key}/${arrived.n}`;
    tries.set(name, (tries.get(name) ?? 0) + 1);
    response.writeHead(statusOf(arrived, tries.get(name) ?? 1)).end();
  };
}

async function subscribed(answer: Answer, more: object = {}): Promise<{ tenant: SystemTenant; receiver: Receiver }> {
  const tenant = await suite.system.tenant();
  const receiver = await suite.receive(answer);
  await tenant.expect('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [], ...more });
  return { tenant, receiver };
}

/** Posts so many events of a key, each after the answer to the one before. */
async function postLine(tenant: SystemTenant, key: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await tenant.expect('POST', '/v1/events', event(key, n));
}

const allFinal = (tenant: SystemTenant, count: number) =>
  eventually(async () => {
    const { by_status: byStatus } = await tenant.expect<{ by_status: Record<string, number> }>('GET', '/v1/ledger');
    expect((byStatus['succeeded'] ?? 0) + (byStatus['failed'] ?? 0)).toBe(count);
  }, SETTLE_MS);

test('Of each of many keys everything arrives in the order in which it was posted, retries included, of batches too', async () => {
  const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
  const singly = 12;
  const together = 8;
  // Every seventh is refused once.
  const { tenant, receiver } = await subscribed(answering(({ n }, tries) => (n % 7 === 3 && tries === 1 ? 500 : 200)));
  await Promise.all(keys.map((key) => postLine(tenant, key, singly)));
  const batch = Array.from({ length: together }, (_, n) => keys.map((key) => event(key, singly + n))).flat();
  await tenant.expect('POST', '/v1/events/batch', { events: batch });
  await allFinal(tenant, keys.length * (singly + together));
  for (const key of keys) {
    const arrived = ofKey(receiver, key);
    expect(arrived).toEqual(sorted(arrived));
    expect(new Set(arrived).size).toBe(singly + together);
    expect(arrived.filter((n) => n === 3)).toHaveLength(2);
  }
}, 60_000);

test('A failing delivery holds up the later ones of its key until it has failed for good, and nobody else', async () => {
  const { tenant, receiver } = await subscribed(answering(({ key, n }) => (key === 'bad' && n === 0 ? 500 : 200)));
  await postLine(tenant, 'bad', 3);
  await postLine(tenant, 'good', 3);
  await tenant.expect('POST', '/v1/events', { type: 'domain.verified', data: { hostname: 'a', key: 'none', n: 0 } });
  await eventually(() => ofKey(receiver, 'good').length === 3 && ofKey(receiver, 'none').length === 1);
  expect(ofKey(receiver, 'bad').every((n) => n === 0)).toBe(true);
  await allFinal(tenant, 7);
  expect(ofKey(receiver, 'bad')).toEqual([0, 0, 0, 0, 0, 0, 1, 2]);
}, 60_000);

test('An endpoint that passes after two failures gets the next one after two, and the failing one beside it', async () => {
  const refusing = answering(({ key, n }) => (key === 'bad' && n === 0 ? 500 : 200));
  const { tenant, receiver } = await subscribed(refusing, { ordering_skip_after: 2 });
  await postLine(tenant, 'bad', 3);
  await allFinal(tenant, 3);
  const arrived = ofKey(receiver, 'bad');
  expect(arrived.slice(0, 3)).toEqual([0, 0, 1]);
  expect(arrived.filter((n) => n > 0)).toEqual([1, 2]);
  expect(arrived.filter((n) => n === 0)).toHaveLength(6);
  // It was retried after the others had come.
  expect(arrived.at(-1)).toBe(0);
}, 60_000);

test('What is cancelled, and what a policy no longer asks to wait for, is waited for no more', async () => {
  const { tenant, receiver } = await subscribed(answering(({ n }) => (n === 0 ? 500 : 200)));
  const { data } = await tenant.expect<{ data: { id: string }[] }>('GET', '/v1/webhook-endpoints');
  await postLine(tenant, 'a', 2);
  await postLine(tenant, 'b', 2);
  const heads = await tenant.expect<{ data: { id: string; held: boolean; ordering_key: string }[] }>(
    'GET',
    '/v1/webhook-deliveries',
  );
  const headOfA = heads.data.find(({ held, ordering_key: key }) => key === 'a' && !held);
  await tenant.expect('POST', `/v1/webhook-deliveries/${headOfA?.id}/cancel`);
  await eventually(() => ofKey(receiver, 'a').includes(1));
  expect(ofKey(receiver, 'b')).not.toContain(1);
  await tenant.expect('PATCH', `/v1/webhook-endpoints/${data[0]?.id}`, { ordering_skip_after: 1 });
  await eventually(() => ofKey(receiver, 'b').includes(1), 5_000);
  expect(ofKey(receiver, 'b').at(0)).toBe(0);
}, 60_000);

test('Posting faster than one after the other can be sent neither loses nor swaps any', async () => {
  const count = 150;
  const { tenant, receiver } = await subscribed(200);
  await postLine(tenant, 'a', count);
  await allFinal(tenant, count);
  expect(ofKey(receiver, 'a')).toEqual(Array.from({ length: count }, (_, n) => n));
}, 60_000);
