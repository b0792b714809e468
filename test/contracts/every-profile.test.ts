// Every built-in contract on the running system: what it sends, who verifies it, when it is tried again.
import { describe, expect, test } from '@jest/globals';
import { verify as verifyGithub } from '@octokit/webhooks-methods';
import { eventually } from '@posthorn/testkit/eventually';
import type { ReceivedRequest, Receiver } from '@posthorn/testkit/start-receiver';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import type { EnvelopeField } from '@posthorn/wire/profile';
import { profiles } from '@posthorn/wire/profiles';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { inAnyCase, receiversByHand } from '../../packages/wire/test/receivers-by-hand.ts';
import { readDelivery, settledDeliveries } from './read-delivery.ts';
import { useSystem } from './use-system.ts';

/** Short, since the longest schedule takes a day and a half of real minutes. */
const MINUTE_MS = 2;
const LATE_MS = 1_500;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

const suite = useSystem({ RETRY_MINUTE_MS: String(MINUTE_MS) });
const receive = (...answers: Parameters<typeof suite.receive>) => suite.receive(...answers);

interface Registered {
  readonly id: string;
  readonly signing_secret: string;
}
const register = (tenant: SystemTenant, url: string, more: object = {}) =>
  tenant.expect<Registered>('POST', '/v1/webhook-endpoints', { url, events: [], ...more });
const received = (receiver: Receiver, count: number) =>
  eventually(() => {
    expect(receiver.requests).toHaveLength(count);
    return receiver.requests;
  });

/** The vendors' own libraries, where there are some. */
const vendors: Readonly<Record<string, (request: ReceivedRequest, secret: string) => unknown>> = {
  'standard-webhooks': ({ body, headers }, secret) =>
    new StandardWebhook(secret).verify(body, headers as Record<string, string>),
  svix: ({ body, headers }, secret) => new SvixWebhook(secret).verify(body, headers as Record<string, string>),
  stripe: ({ body, headers }, secret) =>
    new Stripe('sk_test_no_request_is_made').webhooks.constructEvent(body, String(headers['stripe-signature']), secret),
  github: async ({ body, headers }, secret) => {
    if (!(await verifyGithub(secret, body, String(headers['x-hub-signature-256'])))) throw new Error('refused');
  },
};

async function accepts(profile: string, request: ReceivedRequest, secret: string): Promise<boolean> {
  const byHand = receiversByHand[profile]?.(inAnyCase(request.headers), request.body, secret) ?? false;
  const vendor = vendors[profile];
  if (!vendor) return byHand;
  const byVendor = await Promise.resolve()
    .then(() => vendor(request, secret))
    .then(
      () => true,
      () => false,
    );
  expect(byVendor).toBe(byHand);
  return byVendor;
}

const keysOf = (fields: readonly EnvelopeField[]): string[] =>
  fields.filter((field) => !('optional' in field && field.optional)).map(({ key }) => key);

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Profile $name', ({ name, profile }) => {
  test('delivers the sample of every type in its envelope, signed, with the headers that every delivery carries', async () => {
    const tenant = await suite.system.tenant(name);
    const receiver = await receive(200);
    const { id, signing_secret: secret } = await register(tenant, receiver.url);
    for (const { name: type } of profile.eventTypes) {
      await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`, { type });
    }
    const requests = await received(receiver, profile.eventTypes.length);
    for (const request of requests) {
      expect(await accepts(name, request, secret)).toBe(true);
      expect(await accepts(name, request, OTHER_SECRET)).toBe(false);
      expect(request.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^Posthorn\/\d/) as unknown,
        'x-posthorn-event': expect.stringMatching(/^evt_/) as unknown,
        'x-posthorn-delivery': expect.stringMatching(/^dlv_/) as unknown,
        'x-posthorn-attempt': '1',
      });
      const body = JSON.parse(request.body) as object;
      if (profile.envelope !== 'data') expect(Object.keys(body)).toEqual(keysOf(profile.envelope));
      else expect(profile.eventTypes.map(({ sample }) => sample)).toContainEqual(body);
    }
    const deliveries = await settledDeliveries(tenant, `endpoint_id=${id}`, profile.eventTypes.length);
    expect(new Set(deliveries.map(({ type }) => type))).toEqual(new Set(profile.eventTypes.map((type) => type.name)));
  });

  test('fails after its attempts, at its waits, with the same bytes and ids each time', async () => {
    const tenant = await suite.system.tenant(name);
    const receiver = await receive(500);
    const { id, signing_secret: secret } = await register(tenant, receiver.url);
    await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`);
    const [delivery] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1, 60_000);
    expect(delivery).toMatchObject({ status: 'failed', attempts: profile.attempts, next_retry_at: null });
    const { requests } = receiver;
    expect(requests).toHaveLength(profile.attempts);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    for (const header of ['x-posthorn-event', 'x-posthorn-delivery']) {
      expect(new Set(requests.map(({ headers }) => headers[header])).size).toBe(1);
    }
    expect(requests.map(({ headers }) => headers['x-posthorn-attempt'])).toEqual(
      requests.map((_, index) => String(index + 1)),
    );
    for (const request of requests) expect(await accepts(name, request, secret)).toBe(true);
    for (const [index, minutes] of profile.waitsMinutes.entries()) {
      const gap = (requests[index + 1]?.at ?? 0) - (requests[index]?.at ?? 0);
      expect(gap).toBeGreaterThanOrEqual(minutes * MINUTE_MS * (1 - profile.jitter) - 5);
      expect(gap).toBeLessThan(minutes * MINUTE_MS * (1 + profile.jitter) + LATE_MS);
    }
    const endpoint = await tenant.expect<{ status: string }>('GET', `/v1/webhook-endpoints/${id}`);
    expect(endpoint.status).toBe(profile.onExhausted === 'disable-endpoint' ? 'disabled' : 'enabled');
  }, 90_000);

  test('is verified before, during and after a rotation, by receivers that have switched and those that have not', async () => {
    const tenant = await suite.system.tenant(name);
    const receiver = await receive(200);
    const { id, signing_secret: old } = await register(tenant, receiver.url);
    const send = async () => {
      const before = receiver.requests.length;
      await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`);
      return (await received(receiver, before + 1)).at(-1) as ReceivedRequest;
    };
    const rotate = async (seconds: number) =>
      (
        await tenant.expect<Registered>('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, {
          overlap_seconds: seconds,
        })
      ).signing_secret;
    expect(await accepts(name, await send(), old)).toBe(true);

    const fresh = await rotate(3_600);
    const during = await send();
    expect(await accepts(name, during, old)).toBe(true);
    if (profile.signature.rotation === 'list') expect(await accepts(name, during, fresh)).toBe(true);
    else {
      const header = profile.signature.header.toLowerCase();
      const next = during.headers[`${header}-next`];
      expect(await accepts(name, during, fresh)).toBe(false);
      const switched = { ...during, headers: { ...during.headers, [header]: String(next) } };
      expect(await accepts(name, switched, fresh)).toBe(true);
    }

    const last = await rotate(0);
    const after = await send();
    expect(await accepts(name, after, last)).toBe(true);
    expect(await accepts(name, after, old)).toBe(false);
    expect(after.headers[`${profile.signature.header.toLowerCase()}-next`]).toBeUndefined();
    expect(suite.system.dispatcher.output()).not.toContain(last);
  });

  test('ends at once on 410 where the contract says so, and disables the endpoint', async () => {
    const tenant = await suite.system.tenant(name);
    const receiver = await receive(410, 200);
    const { id } = await register(tenant, receiver.url);
    await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`);
    const [delivery] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1, 30_000);
    const endpoint = await tenant.expect<{ status: string }>('GET', `/v1/webhook-endpoints/${id}`);
    expect([delivery?.status, delivery?.attempts, endpoint.status]).toEqual(
      profile.goneDisables ? ['failed', 1, 'disabled'] : ['succeeded', 2, 'enabled'],
    );
  });
});

test('The deadline is each contract’s own', async () => {
  const slowness = {
    cmr: 60_000,
    'connect-domain': 5_000,
    cdhosting: 10_000,
    'tenant-quickstart': 10_000,
    'standard-webhooks': 20_000,
  };
  const outcome = async (name: string, answersAfterMs: number) => {
    const tenant = await suite.system.tenant(name);
    const receiver = await receive(
      (response) => void setTimeout(() => response.writeHead(200).end(), answersAfterMs),
      200,
    );
    const { id } = await register(tenant, receiver.url);
    await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`);
    const [delivery] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1, 90_000);
    const { attempt_log: attempts } = await readDelivery(tenant, delivery?.id ?? '');
    return attempts[0]?.outcome;
  };
  const late = Object.entries(slowness).map(([name, ms]) => outcome(name, ms + 500));
  const inTime = Object.entries(slowness).map(([name, ms]) => outcome(name, ms - 1_000));
  expect(await Promise.all(late)).toEqual(late.map(() => 'timeout'));
  expect(await Promise.all(inTime)).toEqual(inTime.map(() => 'succeeded'));
}, 120_000);
