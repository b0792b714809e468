// Streams of ordering keys, while a dispatcher is killed in mid-flight, Redis is emptied and PostgreSQL starts again.
import { expect, test } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { countOpen } from './check-invariants.ts';
import { useFaultRun } from './use-fault-run.ts';

const KEYS = 12;
const EVENTS_EACH = 30;
const BATCH_EVENTS = 5;
const ANSWER_MS = 20;
/** Of the tenant's requests: a lease of a dead dispatcher lasts ten seconds longer. */
const TIMEOUT_MS = 1_000;
/** From the kill until everything has arrived: the lease, the look for it, and what the line still holds. */
const MAX_SETTLE_MS = 20_000;
const TYPE = 'domain.drift';

const run = useFaultRun();

const event = (key: number, n: number) => ({
  type: TYPE,
  data: { hostname: 'a', key, n },
  ordering_key: `key-${key}`,
});

/** What arrived of each key, in the order in which it did. */
function lines({ requests }: Receiver): number[][] {
  const byKey = Array.from({ length: KEYS }, (): number[] => []);
  for (const { body } of requests) {
    const { key, n } = (JSON.parse(body) as { data: { key: number; n: number } }).data;
    byKey[key]?.push(n);
  }
  return byKey;
}

/** An endpoint that gets nothing but lines, and what posts to it: of each key one batch after the other. */
async function startLines() {
  await run.endStream();
  await run.becomePatient(TIMEOUT_MS);
  const receiver = await startReceiver((response) => void setTimeout(() => response.writeHead(200).end(), ANSWER_MS));
  run.proxies.push(receiver);
  await run.post('/v1/webhook-endpoints', { url: receiver.url, events: [TYPE] });
  const post = async (key: number): Promise<void> => {
    for (let first = 0; first < EVENTS_EACH; first += BATCH_EVENTS) {
      const events = Array.from({ length: BATCH_EVENTS }, (_, index) => event(key, first + index));
      await run.post('/v1/events/batch', { events });
    }
  };
  const posted = Promise.all(Array.from({ length: KEYS }, (_, key) => post(key)));
  return { receiver, posted };
}

/** Waits until all of it has arrived. @returns how many requests came more than once */
async function expectInOrder(receiver: Receiver): Promise<number> {
  await eventually(async () => expect(await countOpen(run.rig.databaseUrl)).toBe(0), MAX_SETTLE_MS);
  const arrived = lines(receiver);
  for (const line of arrived) {
    expect(line).toEqual(line.toSorted((a, b) => a - b));
    expect(new Set(line).size).toBe(EVENTS_EACH);
  }
  return arrived.flat().length - KEYS * EVENTS_EACH;
}

test('a dispatcher killed in mid-flight and Redis emptied: nothing is lost, and each key arrives in its order', async () => {
  const { receiver, posted } = await startLines();
  await eventually(() => receiver.requests.length > KEYS);
  await eventually(() => receiver.load.now > 0);
  await run.rig.dispatchers[0]?.stop('SIGKILL');
  const killedAt = Date.now();
  const inFlight = await run.leased();
  await commandRedis(run.rig.redisUrl, 'FLUSHALL');
  await posted;
  const duplicates = await expectInOrder(receiver);
  expect(duplicates).toBeLessThanOrEqual(inFlight);
  run.note({
    fault: 'lines: dispatcher killed, FLUSHALL',
    lost: 0,
    duplicates,
    'settled ms': Date.now() - killedAt,
  });
}, 60_000);

test('Redis emptied again and again, and PostgreSQL killed: nothing is lost, and each key arrives in its order', async () => {
  const { receiver, posted } = await startLines();
  for (let round = 1; round <= 3; round += 1) {
    await eventually(() => receiver.requests.length > round * KEYS);
    await commandRedis(run.rig.redisUrl, 'FLUSHALL');
  }
  await posted;
  const sent = receiver.load.now;
  run.rig.signalPostgres('SIGKILL');
  await run.rig.startPostgres();
  const startedAt = Date.now();
  const duplicates = await expectInOrder(receiver);
  expect(duplicates).toBeLessThanOrEqual(sent);
  run.note({
    fault: 'lines: FLUSHALL thrice, PostgreSQL killed',
    lost: 0,
    duplicates,
    'settled ms': Date.now() - startedAt,
  });
}, 60_000);
