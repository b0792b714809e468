import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { createProducer, type Producer } from '@posthorn/queue/create-producer';
import { scopeToTenant } from '@posthorn/store/tenant/scope-to-tenant';
import { updateEndpoint } from '@posthorn/store/tenant/update-endpoint';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { claimPort } from '@posthorn/testkit/claim-port';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type StartedProcess, startProcess } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { MAIL_PASSWORD, MAIL_USER, type MailServer, startMailServer } from './start-mail-server.ts';

/** One "minute" of the schedule. */
const MINUTE_MS = 60;
const TO = 'ops@acme.example';

let databaseUrl: string;
let redisUrl: string;
let arranged: Arranged;
let producer: Producer;
let receiver: Receiver;
let mailServer: MailServer;
let dispatchers: StartedProcess[];
let tenantId: string;
let endpointId: string;

beforeEach(async () => {
  databaseUrl = await createTestDatabase();
  redisUrl = await claimTestRedis();
  arranged = arrange(databaseUrl);
  producer = createProducer({ redisUrl, shards: 1, onError: () => undefined });
  receiver = await startReceiver((response) => response.writeHead(500).end('disk <full> & "broken"'));
  mailServer = await startMailServer();
  dispatchers = [];
  [tenantId, endpointId] = await arrangeEndpoint('cdhosting');
});

afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop('SIGKILL')));
  await producer.close();
  await arranged.close();
  await receiver.close();
  await mailServer.close();
});

async function arrangeEndpoint(profile: string): Promise<[tenantId: string, endpointId: string]> {
  const tenant = await arranged.tenant(profile);
  const endpoint = await arranged.endpoint(tenant, `${receiver.url}/hooks?a=1&b=<2>`);
  await arranged.database.tenant.update({ where: { id: tenant }, data: { email: TO } });
  await arranged.database.endpoint.update({ where: { id: endpoint }, data: { description: 'Prod <main>' } });
  return [tenant, endpoint];
}

const mailSettings = (port = mailServer.port) => ({
  SMTP_URL: `smtp://${MAIL_USER}:${encodeURIComponent(MAIL_PASSWORD)}@127.0.0.1:${port}`,
  MAIL_FROM: 'Acme Webhooks <webhooks@acme.example>',
});

async function startDispatcher(env: Record<string, string> = mailSettings()): Promise<StartedProcess> {
  const urls = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
  const started = await startProcess('dispatcher', { ...urls, RETRY_MINUTE_MS: String(MINUTE_MS), ...env });
  dispatchers.push(started);
  return started;
}

/** Posts events to the tenant's endpoint. @returns the ids of their deliveries */
async function post(count: number, options = { type: 'server.error', profile: 'cdhosting' }): Promise<string[]> {
  const due = await arranged.events(tenantId, count, options);
  await producer.enqueue(due.map(({ id, ...rest }) => ({ ...rest, deliveryId: id, delayMs: 0 })));
  return due.map(({ id }) => id);
}

const endpoint = () => arranged.database.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
const delivery = (id = '') => arranged.database.delivery.findUniqueOrThrow({ where: { id } });
const notifications = () => arranged.database.notification.findMany({ orderBy: { id: 'asc' } });
const enable = () =>
  updateEndpoint(
    scopeToTenant(arranged.database, tenantId),
    { tenantId, id: endpointId },
    { status: 'enabled' },
    operatorAct('endpoint', encodeTypeId('endpoint', endpointId)),
  );

/** Waits until nothing is left to be sent; then none can come late. */
const settled = (count: number, status = 'sent') =>
  eventually(async () => {
    const rows = await notifications();
    expect(rows.map((row) => row.status)).toEqual(Array.from({ length: count }, () => status));
    return rows;
  }, 30_000);

test('The fifth failure, after 1, 2, 4 and 8 minutes, disables the endpoint, and one mail says everything', async () => {
  const dispatcher = await startDispatcher();
  const [id] = await post(1);
  const [row] = await settled(1);
  const failed = await delivery(id);
  expect(failed).toMatchObject({ status: 'failed', attempts: 5, lastError: 'Answered 500', dueAt: null });
  expect(await endpoint()).toMatchObject({ status: 'disabled', disabledReason: 'A delivery failed 5 times' });

  expect(receiver.requests).toHaveLength(5);
  const times = receiver.requests.map(({ at }) => at);
  for (const [index, minutes] of [1, 2, 4, 8].entries()) {
    const gap = ((times[index + 1] ?? 0) - (times[index] ?? 0)) / MINUTE_MS;
    expect(gap).toBeGreaterThanOrEqual(minutes - 0.1);
    expect(gap).toBeLessThan(minutes + 1_000 / MINUTE_MS);
  }

  expect(mailServer.mails).toHaveLength(1);
  const [mail] = mailServer.mails;
  const publicId = encodeTypeId('endpoint', endpointId);
  expect(mail).toMatchObject({ from: 'webhooks@acme.example', to: [TO] });
  expect(mail?.parsed).toMatchObject({
    from: { name: 'Acme Webhooks', address: 'webhooks@acme.example' },
    to: [{ address: TO }],
    subject: `Webhook endpoint ${publicId} was disabled`,
    messageId: `<${row?.id}@acme.example>`,
  });
  const { text = '', html = '' } = mail?.parsed ?? {};
  for (const fact of [
    `Endpoint: ${publicId}`,
    `URL: ${receiver.url}/hooks?a=1&b=<2>`,
    'Description: Prod <main>',
    'Reason: A delivery failed 5 times',
    `Delivery: ${encodeTypeId('delivery', id ?? '')}`,
    `Event: ${encodeTypeId('event', failed.eventId)} (server.error)`,
    'Attempts: 5',
    'Last response: HTTP status 500',
    '    disk <full> & "broken"',
    `    PATCH /v1/webhook-endpoints/${publicId}\n    {"status":"enabled"}`,
    `    POST /v1/webhook-endpoints/${publicId}/recover`,
    '"skipped"',
  ])
    expect(text).toContain(fact);
  expect(html).toContain('disk &lt;full&gt; &amp; &quot;broken&quot;');
  expect(html).toContain('Prod &lt;main&gt;');

  await eventually(async () => {
    const metrics = await (await fetch(`${dispatcher.url}/metrics`)).text();
    expect(metrics).toMatch(/posthorn_notifications_total\{status="sent",service="dispatcher"\} 1/);
  });
  expect(dispatcher.output()).not.toContain(MAIL_PASSWORD);
});

test('An answer 410 disables at once where the profile says so, and is mailed with its reason', async () => {
  [tenantId, endpointId] = await arrangeEndpoint('standard-webhooks');
  receiver.answer(410);
  await startDispatcher();
  const [id] = await post(1, { type: 'anything', profile: 'standard-webhooks' });
  await settled(1);
  expect(await delivery(id)).toMatchObject({ status: 'failed', attempts: 1 });
  expect(mailServer.mails[0]?.parsed.text).toContain('Reason: The endpoint answered 410 Gone');
});

test('The mail names the network error where nothing answered', async () => {
  receiver.answer((response) => response.socket?.resetAndDestroy());
  await startDispatcher();
  await post(1);
  await settled(1);
  expect(mailServer.mails[0]?.parsed.text).toMatch(/Last error: .*ECONNRESET/);
});

test('Many deliveries that fail for good at once, in two dispatchers, are one mail; what else was open is cancelled', async () => {
  const held: (() => void)[] = [];
  receiver.answer((response, { headers }) => {
    const refuse = () => void response.writeHead(500).end();
    if (headers['x-posthorn-attempt'] !== '5') return refuse();
    held.push(refuse);
    // As many as this are under way together, and end together.
    if (held.length >= 12) for (const end of held.splice(0)) end();
  });
  await startDispatcher();
  await startDispatcher();
  const ids = await post(60);
  await settled(1);
  for (const end of held.splice(0)) end();
  expect(mailServer.mails).toHaveLength(1);
  expect(await arranged.database.delivery.count({ where: { status: 'failed' } })).toBeGreaterThan(1);
  await eventually(async () => {
    const rows = await arranged.database.delivery.findMany({ where: { id: { in: ids } } });
    for (const { status } of rows) expect(['failed', 'cancelled']).toContain(status);
  });
});

test('While it is disabled, events are skipped with the reason and not attempted; enabled again it delivers, and the next disabling is mailed too', async () => {
  await startDispatcher();
  await post(1);
  await settled(1);
  expect(await post(3)).toEqual([]);
  const skipped = await arranged.database.delivery.findMany({ where: { endpointId, status: 'skipped' } });
  expect(skipped).toHaveLength(3);
  for (const { lastError, attempts } of skipped) {
    expect(lastError).toContain('A delivery failed 5 times');
    expect(attempts).toBe(0);
  }

  receiver.answer(204);
  await enable();
  const [id] = await post(1);
  await eventually(async () => expect(await delivery(id)).toMatchObject({ status: 'succeeded', attempts: 1 }));
  expect(receiver.requests).toHaveLength(6);

  receiver.answer(500);
  await post(1);
  await settled(2);
  expect(mailServer.mails).toHaveLength(2);
  expect(new Set(mailServer.mails.map(({ parsed }) => parsed.messageId)).size).toBe(2);
});

describe('When the mail server', () => {
  test('is away, the mail comes once it is back', async () => {
    const port = await claimPort();
    const dispatcher = await startDispatcher(mailSettings(port));
    await post(1);
    await eventually(async () => {
      expect(await notifications()).toMatchObject([
        { status: 'pending', lastError: expect.stringMatching(/ECONNREFUSED/) },
      ]);
    });
    const back = await startMailServer(port);
    await settled(1);
    expect(back.mails).toHaveLength(1);
    expect(dispatcher.output()).toMatch(/"message":"mail failed"/);
    await back.close();
  });

  test('is away for a day, the mail is given up with the reason, and the log says so', async () => {
    const dispatcher = await startDispatcher(mailSettings(await claimPort()));
    await post(1);
    await eventually(async () => expect(await notifications()).toMatchObject([{ status: 'pending', tries: 1 }]));
    const yesterday = new Date(Date.now() - 86_400_000);
    await arranged.database.notification.updateMany({ data: { createdAt: yesterday, dueAt: new Date() } });
    const [row] = await settled(1, 'failed');
    expect(row).toMatchObject({ dueAt: null, lastError: expect.stringMatching(/ECONNREFUSED/) as unknown });
    await eventually(() => expect(dispatcher.output()).toMatch(/"level":"error","message":"mail given up"/));
  });

  test('refuses the recipient for good, the mail is given up with the reason', async () => {
    mailServer.answer(550);
    const dispatcher = await startDispatcher();
    await post(1);
    const [row] = await settled(1, 'failed');
    expect(row).toMatchObject({ tries: 1, lastError: expect.stringMatching(/550 No such user here/) as unknown });
    expect(mailServer.named).toEqual([TO]);
    await eventually(() => expect(dispatcher.output()).toMatch(/"message":"mail given up"/));
  });

  test('refuses the recipient for now, it is asked again', async () => {
    mailServer.answer(450);
    await startDispatcher();
    await post(1);
    await eventually(() => expect(mailServer.named.length).toBeGreaterThan(0));
    mailServer.answer(250);
    await settled(1);
    expect(mailServer.mails).toHaveLength(1);
  });

  test('does not know our password, it is asked again, and the log does not hold the password', async () => {
    const url = `smtp://${MAIL_USER}:not-the-password@127.0.0.1:${mailServer.port}`;
    const dispatcher = await startDispatcher({ ...mailSettings(), SMTP_URL: url });
    await post(1);
    const [row] = await eventually(async () => {
      const rows = await notifications();
      return rows[0]?.lastError ? rows : false;
    });
    expect(row).toMatchObject({ status: 'pending', lastError: expect.stringMatching(/Wrong: \*\*\*/) as unknown });
    await eventually(() => expect(dispatcher.output()).toMatch(/"message":"mail failed"/));
    expect(dispatcher.output()).not.toContain('not-the-password');
  });
});

describe('Where there is nobody to tell, the log says it and nothing is tried again:', () => {
  test('without SMTP_URL', async () => {
    const dispatcher = await startDispatcher({});
    await post(1);
    const [row] = await settled(1, 'logged');
    expect(row).toMatchObject({ tries: 1, dueAt: null, lastError: 'SMTP_URL is not set' });
    const lines = await eventually(() => dispatcher.output().match(/.*nobody was mailed.*\n/g) ?? false);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      level: 'warn',
      endpoint: encodeTypeId('endpoint', endpointId),
      reason: 'A delivery failed 5 times',
    });
  });

  test('a tenant without an address', async () => {
    await arranged.database.tenant.update({ where: { id: tenantId }, data: { email: null } });
    await startDispatcher();
    await post(1);
    const [row] = await settled(1, 'logged');
    expect(row?.lastError).toBe('The tenant has no e-mail address');
    expect(mailServer.named).toEqual([]);
  });
});

describe('A dispatcher that is killed', () => {
  /** What a dead process holds is given back at once instead of after its lease. */
  async function endLeases(): Promise<void> {
    await arranged.database.$executeRaw`
      UPDATE deliveries SET lease_until = now() - interval '1 second' WHERE lease_token IS NOT NULL`;
    await arranged.database.$executeRaw`UPDATE claims SET expires_at = now() - interval '1 second'`;
    await arranged.database.$executeRaw`UPDATE notifications SET due_at = now() WHERE status = 'pending'`;
  }

  test('as it gets the fifth answer: another one disables the endpoint and sends one mail', async () => {
    const first = await startDispatcher();
    receiver.answer(500, 500, 500, 500, (response) => {
      first.signal('SIGKILL');
      response.writeHead(500).end();
    });
    const [id] = await post(1);
    await eventually(() => expect(receiver.requests).toHaveLength(5));
    await first.stop('SIGKILL');
    await endLeases();
    await startDispatcher();
    await settled(1);
    expect(await delivery(id)).toMatchObject({ status: 'failed', attempts: 5 });
    expect((await endpoint()).status).toBe('disabled');
    expect(mailServer.mails).toHaveLength(1);
    expect(receiver.requests).toHaveLength(5);
  });

  test('while it sends the mail: another one sends it', async () => {
    mailServer.answer(0);
    const first = await startDispatcher();
    const [id] = await post(1);
    await eventually(() => expect(mailServer.named).toEqual([TO]));
    await first.stop('SIGKILL');
    expect(await delivery(id)).toMatchObject({ status: 'failed', attempts: 5 });
    expect((await endpoint()).status).toBe('disabled');
    mailServer.answer(250);
    await endLeases();
    await startDispatcher();
    const [row] = await settled(1);
    expect(row?.tries).toBe(2);
    expect(mailServer.mails).toHaveLength(1);
  });

  test('before it cancelled the rest: nothing is sent to the endpoint any more', async () => {
    const ids = await post(5);
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { status: 'disabled', disabledReason: 'A delivery failed 5 times' },
    });
    await startDispatcher();
    for (const id of ids) {
      await eventually(async () => expect((await delivery(id)).status).toBe('cancelled'));
      expect((await delivery(id)).lastError).toBe('The endpoint was disabled: A delivery failed 5 times');
    }
    expect(receiver.requests).toHaveLength(0);
  });

  test('is told by SIGTERM to stop while a mail is under way: it ends in time, and the mail is not lost', async () => {
    mailServer.answer(0);
    const first = await startDispatcher();
    await post(1);
    await eventually(() => expect(mailServer.named).toEqual([TO]));
    const ended = first.stop();
    mailServer.answer(250);
    expect(await ended).toBe(0);
    const [row] = await notifications();
    expect(row).toMatchObject({ status: 'pending', tries: 1, lastError: expect.stringMatching(/abort/i) as unknown });
    await startDispatcher();
    await settled(1);
    expect(mailServer.mails).toHaveLength(1);
  });
});

test('What a tenant wrote adds no header and no recipient', async () => {
  const hostile = 'x\r\nBcc: thief@evil.example\r\n\r\nhello';
  await arranged.database.tenant.update({ where: { id: tenantId }, data: { name: hostile } });
  await arranged.database.endpoint.update({ where: { id: endpointId }, data: { description: hostile } });
  await startDispatcher();
  await post(1);
  await settled(1);
  const [mail] = mailServer.mails;
  expect(mailServer.named).toEqual([TO]);
  expect(mail?.raw.split('\r\n\r\n')[0]).not.toMatch(/^(bcc|cc):/im);
  expect(mail?.parsed.text).toContain('Description: x Bcc: thief@evil.example hello');
});
