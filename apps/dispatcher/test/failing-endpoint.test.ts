import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { type System, type SystemTenant, startSystem } from '@posthorn/testkit/start-system';
import { MAIL_PASSWORD, MAIL_USER, type MailServer, startMailServer } from './start-mail-server.ts';

interface Endpoint {
  readonly id: string;
  readonly status: string;
  readonly disabled_reason: string | null;
  readonly disabled_by: string | null;
  readonly health: {
    readonly consecutive_failures: number;
    readonly first_failure_at: string | null;
    readonly last_failure_at: string | null;
    readonly last_success_at: string | null;
  };
}
interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_error: string | null;
}
type Page<Row> = { readonly data: readonly Row[] };

let system: System;
let receiver: Receiver;
let mailServer: MailServer;

beforeAll(async () => {
  [receiver, mailServer] = await Promise.all([startReceiver(), startMailServer()]);
  system = await startSystem({
    RETRY_MINUTE_MS: '150',
    SMTP_URL: `smtp://${MAIL_USER}:${encodeURIComponent(MAIL_PASSWORD)}@127.0.0.1:${mailServer.port}`,
    MAIL_FROM: 'Acme Webhooks <webhooks@acme.example>',
  });
});
afterAll(async () => {
  await system.stop();
  await Promise.all([receiver.close(), mailServer.close()]);
});

const base = '/v1/webhook-endpoints';
const event = { type: 'domain.verified', jobId: 'job-1', data: { hostname: 'a.example' } };
const EMAIL = 'ops@acme.example';

async function arrange(
  fields: object = {},
  profile = 'connect-domain',
): Promise<[SystemTenant, () => Promise<Endpoint>, string]> {
  const tenant = await system.tenant(profile, { email: EMAIL });
  const { id } = await tenant.expect<Endpoint>('POST', base, { url: `${receiver.url}/hook`, events: [], ...fields });
  return [tenant, () => tenant.expect<Endpoint>('GET', `${base}/${id}`), id];
}
const mailsAbout = (id: string) =>
  mailServer.mails.filter(({ parsed }) => parsed.subject?.includes(id)).map(({ parsed }) => parsed);

/** Lets a cdhosting endpoint fail until it is disabled. */
async function arrangeDisabled(): Promise<[SystemTenant, () => Promise<Endpoint>, string]> {
  receiver.answer(500);
  const [tenant, endpoint, id] = await arrange({}, 'cdhosting');
  await tenant.expect('POST', `${base}/${id}/test`, {});
  await eventually(async () => expect((await endpoint()).status).toBe('disabled'));
  return [tenant, endpoint, id];
}

/** Probes an endpoint. @returns the probe's delivery once it is final */
async function probe(tenant: SystemTenant, id: string, body: object): Promise<Delivery> {
  const { id: eventId } = await tenant.expect<{ id: string }>('POST', `${base}/${id}/probe`, body);
  return eventually(async () => {
    const { data } = await tenant.expect<Page<Delivery>>('GET', `/v1/webhook-deliveries?event_id=${eventId}`);
    expect(data).toEqual([
      expect.objectContaining({ status: expect.stringMatching(/succeeded|failed|cancelled|skipped/) }),
    ]);
    return data[0] as Delivery;
  });
}

test('an endpoint shows how its attempts end, as they end', async () => {
  receiver.answer(500, 500, 200);
  const [tenant, endpoint] = await arrange();
  await tenant.expect('POST', '/v1/events', event);
  await eventually(async () => {
    const { health } = await endpoint();
    expect(health).toMatchObject({ consecutive_failures: 0, first_failure_at: null });
    expect(health.last_success_at ?? '').toMatch(/Z$/);
    expect(health.last_failure_at ?? '').toMatch(/Z$/);
  });
});

test('an endpoint that keeps failing: a warning by mail, then it is disabled, with one mail more', async () => {
  receiver.answer(503);
  const [tenant, endpoint, id] = await arrange({
    failure_policy: { warn_after_seconds: 1, disable_after_seconds: 2 },
  });
  await tenant.expect('POST', '/v1/events', event);
  await eventually(async () => {
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabled_by: 'failures' });
  });
  const { health, disabled_reason: reason } = await endpoint();
  expect(reason).toMatch(/^Every attempt since .*Z failed, \d+ so far$/);
  expect(health.consecutive_failures).toBeGreaterThan(2);
  await eventually(() => expect(mailsAbout(id)).toHaveLength(2));
  const subjects = mailsAbout(id).map(({ subject }) => subject);
  expect(new Set(subjects)).toEqual(
    new Set([`Webhook endpoint ${id} keeps failing`, `Webhook endpoint ${id} was disabled`]),
  );
  const { data } = await tenant.expect<Page<Delivery>>('GET', '/v1/webhook-deliveries');
  expect(data.map(({ status }) => status)).toEqual(['cancelled']);
  const log = await tenant.expect<Page<object>>('GET', '/v1/audit-log?actor=posthorn');
  expect(log.data).toEqual([
    expect.objectContaining({
      action: 'disableEndpoint',
      object_id: id,
      key_id: null,
      address: null,
      request_id: null,
    }),
  ]);
});

describe('A probe of an endpoint that failures disabled', () => {
  test('fails after one attempt, says why, and leaves it disabled', async () => {
    const [tenant, endpoint, id] = await arrangeDisabled();
    const before = await endpoint();
    receiver.answer(502);
    const delivery = await probe(tenant, id, { enable_on_success: true });
    expect(delivery).toMatchObject({ status: 'failed', attempts: 1, last_error: expect.stringContaining('502') });
    expect(await endpoint()).toMatchObject({
      status: 'disabled',
      disabled_reason: before.disabled_reason,
      disabled_by: 'failures',
    });
    await eventually(() => expect(mailsAbout(id)).toHaveLength(1));
  });

  test('enables it when it succeeds and that was asked for, and deliveries go on', async () => {
    const [tenant, endpoint, id] = await arrangeDisabled();
    receiver.answer(200);
    expect(await probe(tenant, id, {})).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabled_by: 'failures' });
    expect(await probe(tenant, id, { enable_on_success: true })).toMatchObject({ status: 'succeeded' });
    expect(await endpoint()).toMatchObject({ status: 'enabled', disabled_reason: null, disabled_by: null });
    await eventually(async () => expect((await endpoint()).health.consecutive_failures).toBe(0));
    const { id: testId } = await tenant.expect<{ id: string }>('POST', `${base}/${id}/test`, {});
    await eventually(async () => {
      const { data } = await tenant.expect<Page<Delivery>>('GET', `/v1/webhook-deliveries?event_id=${testId}`);
      expect(data[0]?.status).toBe('succeeded');
    });
    const log = await tenant.expect<Page<{ action: string }>>('GET', `/v1/audit-log?object_id=${id}`);
    const actions = ['createEndpoint', 'testEndpoint', 'disableEndpoint', 'probeEndpoint', 'probeEndpoint'];
    expect(log.data.map(({ action }) => action).reverse()).toEqual([...actions, 'enableEndpoint', 'testEndpoint']);
  });
});

test.each([
  {
    meanwhile: 'whose URL was changed',
    change: () => ({ url: `${receiver.url}/elsewhere` }),
    by: 'failures',
    ends: 'succeeded',
  },
  {
    meanwhile: 'that was disabled by request',
    change: () => ({ status: 'disabled' }),
    by: 'request',
    ends: 'cancelled',
  },
])('a probe that succeeds does not enable an endpoint $meanwhile meanwhile', async ({ change, by, ends }) => {
  const [tenant, endpoint, id] = await arrangeDisabled();
  let release: (() => void) | undefined;
  receiver.answer((response) => {
    release = () => void response.writeHead(200).end();
  });
  const probing = probe(tenant, id, { enable_on_success: true });
  await eventually(() => release !== undefined);
  await tenant.expect('PATCH', `${base}/${id}`, change());
  release?.();
  expect(await probing).toMatchObject({ status: ends });
  expect(await endpoint()).toMatchObject({ status: 'disabled', disabled_by: by });
});

test('an endpoint that was disabled on request is probed, but enabled by request alone', async () => {
  receiver.answer(200);
  const [tenant, endpoint, id] = await arrange();
  await tenant.expect('PATCH', `${base}/${id}`, { status: 'disabled' });
  const refused = await tenant.call('POST', `${base}/${id}/probe`, { enable_on_success: true });
  expect([refused.status, refused.body]).toMatchObject([409, { code: 'conflict' }]);
  expect(await probe(tenant, id, {})).toMatchObject({ status: 'succeeded' });
  expect(await endpoint()).toMatchObject({ status: 'disabled', disabled_by: 'request' });
  const others = await tenant.call('POST', `${base}/ep_01h455vb4pex5vsknk084sn02q/probe`, {});
  expect(others.status).toBe(404);
});
