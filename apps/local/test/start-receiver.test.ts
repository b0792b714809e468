import { afterEach, expect, test } from '@jest/globals';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import { sign } from '@posthorn/wire/sign';
import { type SampleReceiver, startReceiver } from '../src/demo/start-receiver.ts';

const SECRET = 'a secret that both sides know';
const BODY = '{"type":"domain.verified"}';
const WAIT_MS = 2_000;

const running: SampleReceiver[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.stop()));
});

async function start(port?: number): Promise<SampleReceiver> {
  const receiver = await startReceiver(connectDomain.signature, port);
  running.push(receiver);
  receiver.trust(SECRET);
  return receiver;
}

async function deliver(receiver: SampleReceiver, secret: string): Promise<number> {
  const ids = { eventId: 'evt_1', deliveryId: 'dlv_1', deliveryUuid: '01890a5d-ac96-774b-bcce-b302099a8057' };
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = sign(connectDomain.signature, { body: BODY, timestamp, type: 'domain.verified', secret, ...ids });
  const answer = await fetch(`http://127.0.0.1:${receiver.port}/webhooks`, {
    method: 'POST',
    body: BODY,
    headers: { ...headers, 'x-posthorn-event': ids.eventId, 'x-posthorn-delivery': ids.deliveryId },
  });
  return answer.status;
}

test('a webhook signed with the secret is accepted and kept by its event', async () => {
  const receiver = await start();
  expect(await deliver(receiver, SECRET)).toBe(200);
  expect(await receiver.received('evt_1', WAIT_MS)).toEqual({ deliveryId: 'dlv_1', result: { ok: true } });
});

test('a webhook signed with another secret is refused with 401', async () => {
  const receiver = await start();
  expect(await deliver(receiver, 'another one')).toBe(401);
  expect(await receiver.received('evt_1', WAIT_MS)).toMatchObject({ result: { reason: 'wrong_signature' } });
});

test('an event that does not come is undefined when the time is up', async () => {
  expect(await (await start()).received('evt_2', 50)).toBeUndefined();
});

test('the port of an earlier start is taken again, another one where it is not free', async () => {
  const first = await start();
  const second = await start(first.port);
  expect(second.port).not.toBe(first.port);
  await first.stop();
  expect((await start(first.port)).port).toBe(first.port);
});
