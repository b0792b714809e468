// What each seed promises in its own words, on the running suite.system.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { ReceivedRequest, Receiver } from '@posthorn/testkit/start-receiver';
import type { SystemTenant } from '@posthorn/testkit/start-system';
import { listDeliveries, readDelivery, settledDeliveries } from './read-delivery.ts';
import { useSystem } from './use-system.ts';

const MINUTE_MS = 20;

const suite = useSystem({ RETRY_MINUTE_MS: String(MINUTE_MS) });
const receive = (...answers: Parameters<typeof suite.receive>) => suite.receive(...answers);
const received = (receiver: Receiver, count: number): Promise<ReceivedRequest[]> =>
  eventually(() => {
    expect(receiver.requests).toHaveLength(count);
    return receiver.requests;
  });
const move = (tenant: SystemTenant, path: string, to: string, data: object = {}) =>
  tenant.call('POST', `/v1/lifecycles/${path}/transitions`, { to, data });

interface Registered {
  readonly id: string;
  readonly signing_secret: string;
}

describe('Seed 000: domain connections', () => {
  const hostname = { hostname: 'app.customer.com' };

  test('an endpoint gets the types it asked for, an empty list all of them', async () => {
    const tenant = await suite.system.tenant('connect-domain');
    const [some, all] = [await receive(200), await receive(200)];
    await tenant.expect('POST', '/v1/webhook-endpoints', { url: some.url, events: ['ssl.issued', 'domain.drift'] });
    await tenant.expect('POST', '/v1/webhook-endpoints', { url: all.url, events: [] });
    const data = { ...hostname, setup_type: 'automatic' };
    for (const to of ['propagating', 'live', 'drifted'])
      expect((await move(tenant, 'connection/c-1', to, data)).status).toBe(200);
    const types = ({ requests }: Receiver) =>
      requests.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort();
    await received(some, 2);
    await received(all, 4);
    expect(types(some)).toEqual(['domain.drift', 'ssl.issued']);
    expect(types(all)).toEqual(['domain.added', 'domain.drift', 'domain.flow.completed', 'ssl.issued']);
  });

  test('of many actors that bring a connection live, one does: the pair arrives once, with the connection’s id', async () => {
    const tenant = await suite.system.tenant('connect-domain');
    const receiver = await receive(200);
    const { id } = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    await move(tenant, 'connection/raced', 'propagating', { ...hostname, setup_type: 'automatic' });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2
          ? move(tenant, 'connection/raced', 'live', hostname)
          : tenant.call('POST', '/v1/events', { type: 'ssl.issued', jobId: 'raced', data: hostname }),
      ),
    );
    expect(answers.filter(({ body }) => body['state'] === 'live' && body['code'] === undefined)).toHaveLength(1);
    const deliveries = await settledDeliveries(tenant, `endpoint_id=${id}`, 3);
    expect(deliveries.map(({ type }) => type).sort()).toEqual(['domain.added', 'domain.flow.completed', 'ssl.issued']);
    const bodies = receiver.requests.map(({ body }) => JSON.parse(body) as { jobId: string });
    expect(new Set(bodies.map(({ jobId }) => jobId))).toEqual(new Set(['raced']));
  });
});

describe('Seed 001: orders, subscriptions, pre-warmed mailboxes', () => {
  const person = { userId: 'PWM7', userEmail: 'johndoe@company.com', orderId: 'NQ68' };
  type Body = { event: string; eventId: string; data: Record<string, string> };
  const bodies = ({ requests }: Receiver) => requests.map(({ body }) => JSON.parse(body) as Body);

  test('an order of three mailboxes arrives as domain, mailboxes, and three times one mailbox with its credentials', async () => {
    const tenant = await suite.system.tenant('cmr');
    const receiver = await receive(200);
    await tenant.expect('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    await move(tenant, 'order/NQ68', 'domain_registered', { ...person, domain: 'a.example' });
    const mailboxes = ['x', 'y', 'z'].map((name) => ({ email: `${name}@a.example`, password: `pw-${name}` }));
    await move(tenant, 'order/NQ68', 'mailboxes_provisioned', { ...person, mailboxes });
    await tenant.expect('POST', '/v1/events', {
      type: 'mailbox.updated',
      jobId: 'NQ68',
      data: { ...person, email: 'x@a.example' },
    });
    await received(receiver, 6);
    const all = bodies(receiver);
    expect(all.every(({ data }) => data['userId'] === 'PWM7' && data['orderId'] === 'NQ68')).toBe(true);
    expect(new Set(all.map(({ eventId }) => eventId)).size).toBe(6);
    const created = all
      .filter(({ event }) => event === 'mailbox.created')
      .map(({ data }) => `${data['email']} ${data['password']}`);
    expect(created.sort()).toEqual(mailboxes.map(({ email, password }) => `${email} ${password}`));
    expect(
      all
        .map(({ event }) => event)
        .filter((event) => event !== 'mailbox.created')
        .sort(),
    ).toEqual(['domain.order.success', 'mailbox.order.success', 'mailbox.updated']);
  });

  test('a domain that failed is the last that one hears of its order', async () => {
    const tenant = await suite.system.tenant('cmr');
    const receiver = await receive(200);
    const { id } = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    await move(tenant, 'order/lost', 'domain_failed', person);
    expect((await move(tenant, 'order/lost', 'mailboxes_provisioned', { ...person, mailboxes: [{}] })).status).toBe(
      409,
    );
    await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
    expect(bodies(receiver).map(({ event }) => event)).toEqual(['domain.order.failed']);
  });

  test('of a pre-warmup order with two domains one succeeds and one fails, each with its domain', async () => {
    const tenant = await suite.system.tenant('cmr');
    const receiver = await receive(200);
    await tenant.expect('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    await move(tenant, `prewarmup/${encodeURIComponent('P1:a.example')}`, 'assigned', {
      ...person,
      domain: 'a.example',
    });
    await move(tenant, `prewarmup/${encodeURIComponent('P1:b.example')}`, 'failed', { ...person, domain: 'b.example' });
    await received(receiver, 2);
    expect(
      bodies(receiver)
        .map(({ event, data }) => `${event} ${data['domain']}`)
        .sort(),
    ).toEqual(['prewarmup.order.failed b.example', 'prewarmup.order.success a.example']);
  });

  test('the eventId is the same in retries and in a manual replay, the timestamp header is of each attempt', async () => {
    const tenant = await suite.system.tenant('cmr');
    const receiver = await receive(500, 500, 500, 200);
    const { id } = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    const before = Math.floor(Date.now() / 1_000);
    await tenant.expect('POST', '/v1/events', { type: 'domain.order.success', data: person });
    const [failed] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
    expect(failed).toMatchObject({ status: 'failed', attempts: 3 });
    await tenant.expect('POST', `/v1/webhook-deliveries/${failed?.id}/replay`);
    await received(receiver, 4);
    expect(new Set(bodies(receiver).map(({ eventId }) => eventId)).size).toBe(1);
    for (const { headers, at } of receiver.requests) {
      const timestamp = Number(headers['cmr-x-timestamp']);
      expect(timestamp).toBeGreaterThanOrEqual(before);
      expect(Math.abs(timestamp - at / 1_000)).toBeLessThan(2);
    }
  });
});

describe('Seed 002: servers and billing', () => {
  /** As the seed's own example writes it. */
  const verifyWebhook = (payload: string, signature: string, secret: string): boolean => {
    const expected = createHmac('sha256', secret).update(payload).digest('hex');
    return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  };
  const started = { type: 'server.started', data: { server_id: 'srv_abc123', name: 'production-web-01' } };

  test('registered under /v1/webhooks with the customer’s secret, verified by the seed’s own code', async () => {
    const tenant = await suite.system.tenant('cdhosting');
    const receiver = await receive(200);
    const secret = 'your_webhook_secret';
    const events = ['server.started', 'server.stopped', 'server.error'];
    const made = await tenant.expect<Registered>('POST', '/v1/webhooks', { url: receiver.url, events, secret });
    expect(made).toMatchObject({ events, signing_secret: secret });
    const { id } = await tenant.expect<{ id: string }>('POST', '/v1/events', started);
    await tenant.expect('POST', '/v1/events', { ...started, type: 'server.created' });
    const [request] = await received(receiver, 1);
    expect(verifyWebhook(request?.body ?? '', String(request?.headers['x-webhook-signature']), secret)).toBe(true);
    const { created_at: createdAt, ...body } = JSON.parse(request?.body ?? '{}') as Record<string, unknown>;
    expect(body).toEqual({ id, ...started });
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test('after five failed attempts the endpoint is disabled; what comes then is skipped, and can be sent once it is enabled', async () => {
    const tenant = await suite.system.tenant('cdhosting');
    const receiver = await receive(500);
    const { id } = await tenant.expect<Registered>('POST', '/v1/webhooks', { url: receiver.url, events: [] });
    await tenant.expect('POST', '/v1/events', started);
    await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
    expect(receiver.requests).toHaveLength(5);
    const read = () => tenant.expect<{ status: string; disabled_reason: string | null }>('GET', `/v1/webhooks/${id}`);
    expect(await read()).toMatchObject({
      status: 'disabled',
      disabled_reason: expect.stringContaining('5') as unknown,
    });

    await tenant.expect('POST', '/v1/events', started);
    const [skipped] = await listDeliveries(tenant, `endpoint_id=${id}&status=skipped`);
    expect(skipped).toMatchObject({ attempts: 0, last_error: expect.stringContaining('disabled') as unknown });
    expect((await tenant.call('POST', `/v1/webhook-deliveries/${skipped?.id}/replay`)).status).toBe(409);
    expect(receiver.requests).toHaveLength(5);

    receiver.answer(200);
    await tenant.expect('PATCH', `/v1/webhooks/${id}`, { status: 'enabled' });
    expect(await read()).toMatchObject({ status: 'enabled', disabled_reason: null });
    await tenant.expect('POST', `/v1/webhook-deliveries/${skipped?.id}/replay`);
    await tenant.expect('POST', '/v1/events', started);
    await received(receiver, 7);
  });
});

describe('Seed 003: scopes, usage and the window of a signature', () => {
  test('a connection is metered as connect, active_domain and cert, each call that emits as api_call', async () => {
    const tenant = await suite.system.tenant('connect-domain');
    const data = { hostname: 'app.customer.com', setup_type: 'automatic' };
    for (const to of ['propagating', 'live']) await move(tenant, 'connection/metered', to, data);
    await tenant.expect('POST', '/v1/events', { type: 'domain.drift', jobId: 'metered', data });
    const { data: usage } = await tenant.expect<{ data: unknown[] }>('GET', '/v1/usage');
    expect(usage).toEqual([
      { kind: 'connect', count: 1 },
      { kind: 'active_domain', count: 1 },
      { kind: 'cert', count: 1 },
      { kind: 'api_call', count: 3 },
    ]);
  });
});

describe('Seed 004: replay protection', () => {
  test('the delivery id is stable across retries and new for a replay; the event id stays, so does the aggregate version', async () => {
    const tenant = await suite.system.tenant('tenant-quickstart');
    const receiver = await receive(500, 500, 200);
    const { id } = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    await tenant.expect('PUT', '/v1/event-types/tenant.updated', { description: 'A tenant changed.' });
    const event = { type: 'tenant.updated', data: { name: 'Acme' }, aggregate_version: 7 };
    const posted = await tenant.expect<{ id: string }>('POST', '/v1/events', event);
    const [delivery] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
    const replay = await tenant.expect<{ id: string }>('POST', `/v1/webhook-deliveries/${delivery?.id}/replay`);
    await received(receiver, 4);
    expect(receiver.requests.map(({ headers }) => headers['x-webhook-id'])).toEqual([
      ...Array.from({ length: 3 }, () => delivery?.id),
      replay.id,
    ]);
    for (const { body } of receiver.requests) {
      expect(JSON.parse(body)).toMatchObject({ id: posted.id, aggregate_version: 7 });
    }
  });

  test('non-2xx answers, timeouts and network errors are all retried, and the log tells them apart', async () => {
    const tenant = await suite.system.tenant('tenant-quickstart');
    const receiver = await receive(404, (response) => response.socket?.resetAndDestroy(), 200);
    const { id } = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', { url: receiver.url, events: [] });
    await tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`);
    const [delivery] = await settledDeliveries(tenant, `endpoint_id=${id}`, 1);
    const { attempt_log: attempts } = await readDelivery(tenant, delivery?.id ?? '');
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['rejected', 'network_error', 'succeeded']);
  });
});
