// Endpoints with an ed25519 key pair on the running system: what receivers can verify, and what is never shown.
import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { ReceivedRequest } from '@posthorn/testkit/start-receiver';
import { Webhook } from 'standardwebhooks';
import { languagesHere, runVerifiers } from '../../packages/wire/test/run-verifiers.ts';
import { readVerifier } from '../docs/read-verifiers.ts';
import { readDelivery, settledDeliveries } from './read-delivery.ts';
import { useSystem } from './use-system.ts';

const suite = useSystem({ RETRY_MINUTE_MS: '2' });

interface Registered {
  readonly id: string;
  readonly signing_secret: string | null;
  readonly public_keys: readonly string[];
}

/** By the specification alone: any `v1a` of the list, over `id.timestamp.body`, with the key as RFC 8410 writes it. */
function isSignedFor(publicKey: string, { headers, body }: ReceivedRequest): boolean {
  const bytes = Buffer.from(publicKey.replace('whpk_', ''), 'base64');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const text = Buffer.from([headers['webhook-id'], headers['webhook-timestamp'], body].join('.'));
  const listed = String(headers['webhook-signature']).split(' ');
  return listed
    .filter((each) => each.startsWith('v1a,'))
    .some((each) => verify(null, text, key, Buffer.from(each.slice('v1a,'.length), 'base64')));
}

function libraryAccepts(secret: string | null, { headers, body }: ReceivedRequest): boolean {
  try {
    new Webhook(secret ?? '').verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

async function start(fields: object, ...answers: number[]) {
  const tenant = await suite.system.tenant('standard-webhooks');
  const receiver = await suite.receive(...answers);
  const endpoint = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', {
    url: receiver.url,
    events: [],
    ...fields,
  });
  const at = `/v1/webhook-endpoints/${endpoint.id}`;
  return {
    tenant,
    receiver,
    endpoint,
    rotate: (body: object) => tenant.expect<Registered>('POST', `${at}/rotate-secret`, body),
    async send(): Promise<ReceivedRequest> {
      const before = receiver.requests.length;
      await tenant.expect('POST', `${at}/test`);
      return eventually(() => {
        const request = receiver.requests[before];
        if (!request) throw new Error('Nothing has arrived');
        return request;
      });
    },
  };
}

test('Every attempt carries a fresh signature that the public key verifies; the log shows that there was one', async () => {
  const { tenant, receiver, endpoint, send } = await start({ signature_algorithm: 'ed25519' }, 500, 200);
  const [publicKey = ''] = endpoint.public_keys;
  await send();
  const [delivery] = await settledDeliveries(tenant, `endpoint_id=${endpoint.id}`, 1, 30_000);
  expect(delivery).toMatchObject({ status: 'succeeded', attempts: 2 });
  expect(receiver.requests.map((request) => isSignedFor(publicKey, request))).toEqual([true, true]);
  const [first] = receiver.requests as [ReceivedRequest];
  expect(isSignedFor(publicKey, { ...first, body: first.body.replace('{', '{ ') })).toBe(false);
  const { attempt_log: attempts } = await readDelivery(tenant, delivery?.id ?? '');
  expect(attempts.map(({ request_headers: headers }) => headers['webhook-signature'])).toEqual(['v1a,***', 'v1a,***']);
});

test('A receiver moves from a secret to a key pair, to another one, and back, and never refuses a delivery', async () => {
  const { endpoint, rotate, send } = await start({}, 200);
  const secret = endpoint.signing_secret;
  expect(libraryAccepts(secret, await send())).toBe(true);

  const [first = ''] = (await rotate({ signature_algorithm: 'ed25519' })).public_keys;
  const during = await send();
  expect([libraryAccepts(secret, during), isSignedFor(first, during)]).toEqual([true, true]);

  const [second = ''] = (await rotate({ overlap_seconds: 0 })).public_keys;
  const after = await send();
  expect([libraryAccepts(secret, after), isSignedFor(first, after), isSignedFor(second, after)]).toEqual([
    false,
    false,
    true,
  ]);

  const { public_keys: both } = await rotate({});
  const overlapping = await send();
  expect(both).toHaveLength(2);
  expect(both.map((key) => isSignedFor(key, overlapping))).toEqual([true, true]);

  const back = await rotate({ signature_algorithm: 'hmac-sha256', overlap_seconds: 0 });
  const last = await send();
  expect([libraryAccepts(back.signing_secret, last), isSignedFor(second, last)]).toEqual([true, false]);
});

test('A key pair that the customer brought signs, and stands in no answer and no log', async () => {
  const seed = Buffer.alloc(32, 42);
  const { tenant, endpoint, send } = await start({ secret: `whsk_${seed.toString('base64')}` }, 200);
  expect(isSignedFor(endpoint.public_keys[0] ?? '', await send())).toBe(true);
  const shown = JSON.stringify([endpoint, await tenant.expect('GET', `/v1/webhook-endpoints/${endpoint.id}`)]);
  const everything = shown + suite.system.api.output() + suite.system.dispatcher.output();
  expect(everything).not.toContain(seed.toString('base64').slice(0, 40));
});

test.each(languagesHere.filter(({ hasKeyPairs }) => hasKeyPairs))(
  'The verifier of docs/verifying-signatures.md in $name takes what is delivered, during a rotation too, and nothing else',
  async ({ language }) => {
    const { endpoint, rotate, send } = await start({ signature_algorithm: 'ed25519' }, 200);
    const [old = ''] = endpoint.public_keys;
    const first = await send();
    const [, fresh = ''] = (await rotate({})).public_keys;
    const during = await send();
    await rotate({ signature_algorithm: 'hmac-sha256', overlap_seconds: 0 });
    const shared = await send();
    const call = ({ body, headers, at }: ReceivedRequest, keys: string[]) => ({
      verifier: 0,
      body,
      headers,
      keys,
      now: Math.floor(at / 1_000),
    });
    const code = readVerifier('standard-webhooks', language, 'key pair') ?? '';
    const verdicts = runVerifiers(
      language,
      [{ code, takesNow: true }],
      [
        call(first, [old]),
        call(during, [old]),
        call(during, [fresh]),
        call(first, [fresh]),
        call({ ...first, body: `${first.body} ` }, [old]),
        call({ ...first, at: first.at + 600_000 }, [old]),
        call(shared, [old, fresh]),
      ],
    );
    expect(verdicts).toEqual([true, true, true, false, false, false, false]);
  },
);
