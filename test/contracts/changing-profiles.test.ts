import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import { inAnyCase, receiversByHand } from '../../packages/wire/test/receivers-by-hand.ts';
import { settledDeliveries } from './read-delivery.ts';
import { useSystem } from './use-system.ts';

const MINUTE_MS = 400;

const suite = useSystem({ RETRY_MINUTE_MS: String(MINUTE_MS) });
const receive = (...answers: Parameters<typeof suite.receive>) => suite.receive(...answers);
const register = (tenant: SystemTenant, url: string) =>
  tenant.expect<{ id: string; signing_secret: string }>('POST', '/v1/webhook-endpoints', { url, events: [] });
const give = (tenant: SystemTenant, profile: string) =>
  suite.system.asOperator('PATCH', `/v1/tenants/${tenant.id}`, { profile });

test('Changing a tenant’s profile changes what new events send; what was accepted goes on as it began, replays included', async () => {
  const tenant = await suite.system.tenant('connect-domain');
  const receiver = await receive(500, 500, 200);
  const { id, signing_secret: secret } = await register(tenant, receiver.url);
  const post = (jobId: string) =>
    tenant.expect('POST', '/v1/events', { type: 'domain.verified', jobId, data: { hostname: 'a.example' } });
  await post('before');
  await eventually(() => receiver.requests.length === 1);
  expect((await give(tenant, 'standard-webhooks')).status).toBe(200);
  await tenant.expect('PUT', '/v1/event-types/domain.verified', { description: 'As before.' });
  const [old] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
  await post('after');
  await settledDeliveries(tenant, `endpoint_id=${id}`, 2);
  await tenant.expect('POST', `/v1/webhook-deliveries/${old?.id}/replay`);
  await settledDeliveries(tenant, `endpoint_id=${id}`, 3);

  const verifiedAs = receiver.requests.map(({ headers, body }) =>
    ['connect-domain', 'standard-webhooks'].filter((name) => receiversByHand[name]?.(inAnyCase(headers), body, secret)),
  );
  expect(verifiedAs).toEqual([
    ['connect-domain'],
    ['connect-domain'],
    ['connect-domain'],
    ['standard-webhooks'],
    ['connect-domain'],
  ]);
  expect(Object.keys(JSON.parse(receiver.requests[3]?.body ?? '{}') as object)).toEqual(['type', 'timestamp', 'data']);
  expect(receiver.requests[4]?.body).toBe(receiver.requests[0]?.body);
});

test('A profile that a tenant defined is delivered as it says: body, headers, signature, schedule, deadline', async () => {
  const tenant = await suite.system.tenant();
  await tenant.expect('POST', '/v1/profiles', {
    name: 'acme',
    extends: 'connect-domain',
    pair: null,
    lifecycles: [],
    event_types: [
      { name: 'invoice.paid', description: 'Paid.', schema: { type: 'object' }, sample: { invoice: 'inv_1' } },
    ],
    envelope: [
      { key: 'kind', from: 'type' },
      { key: 'version', value: 2 },
      { key: 'at', from: 'created_unix' },
      { key: 'payload', fields: [{ key: 'object', from: 'data' }] },
    ],
    signature: {
      header: 'X-Acme-Signature',
      encoding: 'base64',
      signed: 'v2|{delivery_id}|{timestamp}|{body}',
      lead: 'ts:{timestamp}',
      format: 'v2:{signature}',
      separator: ';',
      rotation: 'list',
      headers: [
        { name: 'X-Acme-Delivery', from: 'delivery_id' },
        { name: 'X-Acme-Topic', from: 'type' },
      ],
    },
    attempts: 2,
    waits_minutes: [1],
    timeout_ms: 1_000,
  });
  expect((await give(tenant, 'acme')).status).toBe(200);
  const receiver = await receive(() => undefined, 500);
  const { id, signing_secret: secret } = await register(tenant, receiver.url);
  await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`, { type: 'invoice.paid' });
  const [delivery] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
  expect(delivery).toMatchObject({ status: 'failed', attempts: 2 });
  expect(receiver.requests).toHaveLength(2);
  for (const { body, headers } of receiver.requests) {
    expect(JSON.parse(body)).toEqual({
      kind: 'invoice.paid',
      version: 2,
      at: expect.any(Number) as unknown,
      payload: { object: { invoice: 'inv_1' } },
    });
    expect(headers).toMatchObject({ 'x-acme-delivery': delivery?.id, 'x-acme-topic': 'invoice.paid' });
    const [lead, signature] = String(headers['x-acme-signature']).split(';');
    const timestamp = lead?.replace('ts:', '');
    const text = `v2|${delivery?.id}|${timestamp}|${body}`;
    expect(signature).toBe(`v2:${createHmac('sha256', secret).update(text).digest('base64')}`);
  }
  const [first, second] = receiver.requests.map(({ at }) => at) as [number, number];
  expect(second - first).toBeGreaterThanOrEqual(1_000 + MINUTE_MS - 50);
});

test('A rate holds from the first two requests on: the endpoint’s own, and else its contract’s', async () => {
  const gapsOf = async (profile: string, rateLimit: number | null, events: number) => {
    const tenant = await suite.system.tenant(profile);
    const receiver = await receive(200);
    const body = { url: receiver.url, events: [], ...(rateLimit !== null && { rate_limit: rateLimit }) };
    const { id } = await tenant.expect<{ id: string }>('POST', '/v1/webhook-endpoints', body);
    const { event_types: types } = (
      await tenant.expect<{ data: { name: string; event_types: { name: string; sample: unknown }[] }[] }>(
        'GET',
        '/v1/profiles',
      )
    ).data.find(({ name }) => name === profile) as { event_types: { name: string; sample: unknown }[] };
    const [type] = types;
    await tenant.expect('POST', '/v1/events/batch', {
      events: Array.from({ length: events }, () => ({ type: type?.name, data: type?.sample })),
    });
    await settledDeliveries(tenant, `endpoint_id=${id}`, events, 30_000);
    const times = receiver.requests.map(({ at }) => at).toSorted((one, other) => one - other);
    const gaps = times.slice(1).map((at, index) => at - (times[index] as number));
    const mean = ((times.at(-1) as number) - (times[0] as number)) / gaps.length;
    return { mean, median: gaps.toSorted((one, other) => one - other)[gaps.length >> 1] };
  };
  const [own, contract, none] = await Promise.all([
    gapsOf('tenant-quickstart', 10, 12),
    gapsOf('cmr', null, 60),
    gapsOf('tenant-quickstart', null, 60),
  ]);
  expect(own.mean).toBeGreaterThan(95);
  expect(contract.mean).toBeGreaterThan(19);
  // Of a busy machine a single one may come a second late; a rate would keep all of them apart.
  expect(none.median).toBeLessThan(15);
});
