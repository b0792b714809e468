// The whole system at work with secrets of every kind, and then: is any of them where it should not be?
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { sealedColumns, sealedFor } from '@posthorn/store/sealed-columns';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { dumpDatabase } from '@posthorn/testkit/dump-database';
import { dumpRedis } from '@posthorn/testkit/dump-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { selfSign } from '@posthorn/testkit/self-sign';
import { startProcess, TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { type Receiver, startReceiver } from '@posthorn/testkit/start-receiver';
import { type System, type SystemTenant, startSystem } from '@posthorn/testkit/start-system';
import { startTlsReceiver, type TlsReceiver } from '@posthorn/testkit/start-tls-receiver';
import { type RedisTraffic, watchRedis } from '@posthorn/testkit/watch-redis';
import {
  MAIL_PASSWORD,
  MAIL_USER,
  type MailServer,
  startMailServer,
} from '../../apps/dispatcher/test/start-mail-server.ts';
import { createLeakFinder } from './find-leaks.ts';
import { settledDeliveries } from './read-delivery.ts';
import { readEverything } from './read-everything.ts';
import { runCommands } from './run-commands.ts';

const RETRY_MINUTE_MS = '40';
const PAYLOAD = 'canary-of-the-payload';
const URL_TOKEN = 'canary-of-the-url-token';
const secrets = createLeakFinder();
const text = (name: string): string => secrets.add(name, `${name}-${randomBytes(12).toString('hex')}`);
const secretsKey = (name: string): string => secrets.add(name, randomBytes(32).toString('base64'));

interface Registered {
  readonly id: string;
  readonly signing_secret: string | null;
}

let system: System;
let adminUrl: string;
let mail: MailServer;
let echo: Receiver;
let failing: Receiver;
let tls: TlsReceiver;
let redisTraffic: RedisTraffic;
/** What is to be closed again, the last first. */
const opened: (() => unknown)[] = [];
const keys = [secretsKey('secrets-key-new'), secretsKey('secrets-key-old')];
const role = `canary_${randomBytes(4).toString('hex')}`;

/** The same address with another user and password. */
function signedIn(url: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}

beforeAll(async () => {
  const [databasePassword, redisPassword, mailPassword] = [text('database'), text('redis'), text('mail-password')];
  secrets.add('operator key', TEST_ADMIN_KEY);
  secrets.add('right mail password', MAIL_PASSWORD);
  adminUrl = await createTestDatabase();
  await runSql(adminUrl, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${databasePassword}'`);
  const redisUrl = await claimTestRedis();
  await commandRedis(redisUrl, 'ACL', 'SETUSER', role, 'on', `>${redisPassword}`, '~*', '&*', '+@all');
  opened.push(() => commandRedis(redisUrl, 'ACL', 'DELUSER', role));
  redisTraffic = await watchRedis(redisUrl);
  opened.push(() => redisTraffic.stop());
  mail = await startMailServer();
  opened.push(() => mail.close());
  echo = await startReceiver((response, { headers, body }) =>
    response.writeHead(200, { 'x-echo': String(headers.authorization) }).end(JSON.stringify({ headers, body })),
  );
  failing = await startReceiver(500);
  opened.push(echo.close, failing.close);
  system = await startSystem({
    DATABASE_URL: signedIn(adminUrl, databasePassword),
    REDIS_URL: signedIn(redisUrl, redisPassword),
    SECRETS_KEY: keys.join(','),
    SMTP_URL: `smtp://${MAIL_USER}:${mailPassword}@127.0.0.1:${mail.port}`,
    MAIL_FROM: 'webhooks@posthorn.example',
    LOG_LEVEL: 'debug',
    RETRY_MINUTE_MS,
    // Nobody's environment makes TLS careless.
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  });
  opened.push(() => system.stop());
});
afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

async function tenantOf(profile: string): Promise<SystemTenant> {
  const tenant = await system.tenant(profile, { email: 'ops@acme.example' });
  secrets.add(`key of ${profile}`, tenant.key);
  return tenant;
}

async function register(tenant: SystemTenant, url: string, fields: object = {}): Promise<Registered> {
  const made = await tenant.expect<Registered>('POST', '/v1/webhook-endpoints', {
    url: `${url}?token=${URL_TOKEN}`,
    events: [],
    ...fields,
  });
  if (made.signing_secret !== null) secrets.add('signing secret', made.signing_secret);
  return made;
}

async function rotate(tenant: SystemTenant, { id }: Registered, body: object): Promise<void> {
  const rotated = await tenant.expect<Registered>('POST', `/v1/webhook-endpoints/${id}/rotate-secret`, body);
  if (rotated.signing_secret !== null) secrets.add('rotated secret', rotated.signing_secret);
}

const credentials = () => ({ Authorization: `Bearer ${text('header')}`, 'X-Api-Key': text('api-key-header') });
const keySeed = () => `whsk_${secrets.add('key pair', randomBytes(32).toString('base64'))}`;

/** A receiver that repeats what it gets, one that fails first, rotations, a replay, a recovery, a transition. */
async function deliver() {
  const tenant = await tenantOf('connect-domain');
  const echoing = await register(tenant, echo.url, { secret: text('own-secret'), headers: credentials() });
  const failed = await register(tenant, failing.url, { headers: credentials() });
  await rotate(tenant, failed, {});
  await rotate(tenant, echoing, { secret: text('second-secret'), overlap_seconds: 60 });
  const event = { type: 'domain.verified', jobId: 'job-1', data: { hostname: PAYLOAD } };
  await tenant.expect('POST', '/v1/events', event);
  await system.asOperator('GET', '/v1/ledger');
  const redisBetween = await eventually(async () => {
    const dump = await dumpRedis(system.redisUrl);
    return /dlv-/.test(dump) && dump;
  });
  failing.answer(200);
  const [delivery] = await settledDeliveries(tenant, `endpoint_id=${echoing.id}`, 1, 60_000);
  await tenant.expect('POST', `/v1/webhook-deliveries/${delivery?.id}/replay`);
  await tenant.expect('POST', `/v1/webhook-endpoints/${failed.id}/test`);
  await tenant.expect('PATCH', `/v1/webhook-endpoints/${failed.id}`, { headers: credentials() });
  const recovery = await tenant.expect<{ id: string }>('POST', `/v1/webhook-endpoints/${echoing.id}/recover`, {
    since: '2020-01-01T00:00:00Z',
    statuses: ['succeeded'],
  });
  await tenant.expect('POST', '/v1/lifecycles/connection/job-2/transitions', { to: 'pending_ownership', data: {} });
  await settledDeliveries(tenant, `endpoint_id=${failed.id}`, 2, 60_000);
  return { tenant, echoing, recovery, redisBetween };
}

/** Shared secrets and key pairs, made here and brought along, one rotated into the other. */
async function signWithKeyPairs() {
  const tenant = await tenantOf('standard-webhooks');
  const made = await register(tenant, echo.url, { signature_algorithm: 'ed25519' });
  const brought = await register(tenant, echo.url, { secret: keySeed() });
  await rotate(tenant, made, { signature_algorithm: 'hmac-sha256' });
  await rotate(tenant, brought, { secret: keySeed() });
  await tenant.expect('POST', `/v1/webhook-endpoints/${made.id}/test`);
  await tenant.expect('POST', `/v1/webhook-endpoints/${brought.id}/test`);
  await settledDeliveries(tenant, '', 2, 60_000);
  return tenant;
}

/** A receiver that asks for a certificate, one whose authority is not pinned, and one that is not there. */
async function deliverOverTls() {
  const authority = await selfSign('Receiver CA');
  const [server, first, second] = await Promise.all(['server', 'first', 'second'].map((name) => authority.issue(name)));
  if (!server || !first || !second) throw new Error('Three were issued');
  const { certificate: cert, key } = server;
  tls = await startTlsReceiver({ cert, key, requestCert: true, rejectUnauthorized: true, ca: authority.certificate });
  opened.push(tls.close);
  const tenant = await tenantOf('tenant-quickstart');
  const identity = ({ certificate, key: clientKey }: typeof first) => ({
    client_certificate: certificate,
    client_key: secrets.add('client key', clientKey),
  });
  const endpoint = await register(tenant, tls.url, { ca_certificate: authority.certificate, ...identity(first) });
  const careless = await register(tenant, tls.url, identity(first));
  const absent = await register(tenant, 'http://127.0.0.1:1', { headers: credentials() });
  const sendTest = ({ id }: Registered) => tenant.expect('POST', `/v1/webhook-endpoints/${id}/test`);
  await Promise.all([endpoint, careless, absent].map(sendTest));
  await settledDeliveries(tenant, `endpoint_id=${endpoint.id}`, 1, 60_000);
  await tenant.expect('PATCH', `/v1/webhook-endpoints/${endpoint.id}`, identity(second));
  await sendTest(endpoint);
  const deliveries = await settledDeliveries(tenant, '', 4, 60_000);
  return { tenant, endpoint, careless, deliveries };
}

/** An endpoint that fails for good, and a mail server that repeats the wrong password it is given. */
async function failForGood() {
  const tenant = await tenantOf('cdhosting');
  const gone = await startReceiver(500);
  const endpoint = await register(tenant, gone.url, { headers: credentials() });
  await tenant.expect('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
  await settledDeliveries(tenant, '', 1, 60_000);
  await eventually(() => system.dispatcher.output().includes('mail failed'), 30_000);
  await gone.close();
}

/** Requests that are refused, with secrets in every part of them. */
async function misuse(tenant: SystemTenant): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const wrong = (name: string) =>
    secrets.add(`wrong ${name}`, `${tenant.key.slice(0, -20)}${randomBytes(10).toString('hex')}`);
  const send = async (name: string, path: string, init: RequestInit): Promise<void> => {
    const response = await fetch(`${system.api.url}${path}`, init);
    expect([name, response.status >= 400 && response.status < 500]).toEqual([name, true]);
    answers.set(`the answer to ${name}`, await response.text());
  };
  const authorization = `Bearer ${tenant.key}`;
  const json = { authorization, 'content-type': 'application/json' };
  const post = (name: string, body: string, headers: Record<string, string> = json) =>
    send(name, '/v1/webhook-endpoints', { method: 'POST', headers, body });
  const endpoint = { url: echo.url, events: [] };
  await send('a wrong key', '/v1/events', { headers: { authorization: `Bearer ${wrong('key')}` } });
  await send('another scheme', '/v1/events', { headers: { authorization: `Basic ${wrong('basic')}` } });
  await send('a key as tenant', '/v1/events', { headers: { authorization, 'x-tenant-id': wrong('tenant') } });
  await send('a key in the query', `/v1/events?api_key=${wrong('query')}`, { headers: { authorization } });
  await send('a key in the path', `/v1/webhook-endpoints/${wrong('path')}`, { headers: { authorization } });
  await send('a key as cursor', `/v1/events?cursor=${wrong('cursor')}`, { headers: { authorization } });
  await post('broken JSON', `{"secret": "${text('broken-json')}"`);
  await post('a wrong type', text('not-json'), { authorization, 'content-type': 'text/plain' });
  await post('a wrong secret', JSON.stringify({ ...endpoint, secret: text('long').repeat(20) }));
  await post(
    'a wrong header',
    JSON.stringify({ ...endpoint, headers: { Host: text('host'), 'X-A': `${text('crlf')}\r\n` } }),
  );
  await post(
    'wrong fields',
    JSON.stringify({ ...endpoint, url: text('url'), rate_limit: text('rate'), status: text('status') }),
  );
  await post('a wrong URL', JSON.stringify({ ...endpoint, url: `https://user:${text('userinfo')}@acme.example/` }));
  await post('wrong certificates', JSON.stringify({ ...endpoint, client_certificate: 'no', client_key: text('pem') }));
  return answers;
}

/** The database refuses a row, and drops everybody; Redis drops everybody. */
async function breakThings(tenant: SystemTenant): Promise<void> {
  await runSql(adminUrl, `ALTER TABLE endpoints ADD CONSTRAINT broken CHECK (description <> 'broken') NOT VALID`);
  const body = { url: echo.url, events: [], description: 'broken', secret: text('in-a-bug'), headers: credentials() };
  expect((await tenant.call('POST', '/v1/webhook-endpoints', body)).status).toBe(500);
  await runSql(adminUrl, 'ALTER TABLE endpoints DROP CONSTRAINT broken');
  await runSql(adminUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
  await commandRedis(system.redisUrl, 'CLIENT', 'KILL', 'USER', role, 'SKIPME', 'yes');
  await eventually(
    async () =>
      (await tenant.call('POST', '/v1/events', { type: 'domain.verified', jobId: 'job-3', data: { hostname: 'x' } }))
        .status === 202,
  );
}

/** What nobody was ever shown: opened as the dispatcher does, and looked for with the rest. */
async function addSealed(): Promise<void> {
  const box = createSecretBox(keys);
  const rows = await runSql<Record<string, string | null>>(adminUrl, 'SELECT * FROM endpoints');
  for (const row of rows) {
    for (const [column, what] of Object.entries(sealedColumns)) {
      const sealed = row[column];
      if (!sealed) continue;
      const plain = box.open(sealed, sealedFor(row['id'] ?? '', what));
      const values = what === 'headers' ? Object.values(JSON.parse(plain) as Record<string, string>) : [plain];
      for (const value of values) secrets.add(`sealed ${column}`, value);
    }
  }
}

const settings = () => ({
  DATABASE_URL: system.databaseUrl,
  REDIS_URL: system.redisUrl,
  SECRETS_KEY: keys.join(','),
});

/** The mail that waits, sent by a dispatcher that knows the password. @returns all of it, as sent and as read, and the log */
async function sendMail(): Promise<string> {
  await runSql(adminUrl, `UPDATE notifications SET due_at = now() WHERE status = 'pending'`);
  const mailer = await startProcess('dispatcher', {
    ...settings(),
    SMTP_URL: `smtp://${MAIL_USER}:${encodeURIComponent(MAIL_PASSWORD)}@127.0.0.1:${mail.port}`,
    MAIL_FROM: 'webhooks@posthorn.example',
  });
  await eventually(() => mail.mails.length > 0, 30_000);
  expect(await mailer.stop()).toBe(0);
  return [mailer.output(), ...mail.mails.flatMap(({ raw, parsed }) => [raw, parsed.text, parsed.html])].join('\n');
}

/** The operator's commands, where all is well, where a key is missing, and where there is no database. */
async function command(): Promise<Map<string, string>> {
  const [first = '', second = ''] = keys;
  const away = signedIn('postgresql://127.0.0.1:1/away', text('away'));
  const runs = [
    await runCommands('rotating', { ...settings(), SECRETS_KEY: `${second},${first}` }),
    await runCommands('without the key', { ...settings(), SECRETS_KEY: secretsKey('secrets-key-wrong') }),
    await runCommands('with a broken key', { ...settings(), SECRETS_KEY: text('broken-secrets-key') }),
    await runCommands('without a database', { ...settings(), DATABASE_URL: away }),
  ];
  return new Map(runs.flatMap((run) => [...run]));
}

test('No secret is in any log, mail, command’s output, metric, answer, database row or word to Redis', async () => {
  const [delivered, pairs, overTls] = await Promise.all([
    deliver(),
    signWithKeyPairs(),
    deliverOverTls(),
    failForGood(),
  ]);
  const { tenant, echoing, recovery, redisBetween } = delivered;
  const refused = await misuse(tenant);
  const created = await system.asOperator('POST', `/v1/tenants/${tenant.id}/api-keys`, {
    name: 'for today',
    scopes: ['webhooks:read'],
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const { id, api_key: revoked } = created.body as { id: string; api_key: string };
  secrets.add('revoked key', revoked);
  await system.asOperator('DELETE', `/v1/tenants/${tenant.id}/api-keys/${id}`);
  await breakThings(tenant);

  const readers = [
    { key: TEST_ADMIN_KEY },
    { key: tenant.key, recoveries: [recovery.id], subjects: ['connection/job-2'] },
    { key: pairs.key },
    { key: overTls.tenant.key },
  ];
  const read = await Promise.all(readers.map((reader) => readEverything(system, reader)));
  const [{ unasked } = { unasked: [] }] = read;
  expect(unasked.filter((route) => read.every((each) => each.unasked.includes(route)))).toEqual([]);
  const answers = read.flatMap((each) => [...each.answers]).map(([path, answer]) => [`GET ${path}`, answer] as const);
  const metrics = await (await fetch(`${system.dispatcher.url}/metrics`)).text();
  const redisAfter = await dumpRedis(system.redisUrl);
  await tenant.expect('DELETE', `/v1/webhook-endpoints/${echoing.id}`);
  expect(await system.stop()).toEqual([0, 0]);
  await addSealed();
  const mails = await sendMail();
  const commands = await command();
  expect(commands.get('rotate-secrets, rotating')).toMatch(/^exit 0\n/);
  expect(commands.get('migrate, without a database')).toMatch(/^exit 1\n/);

  const logs = new Map([
    ...commands,
    ['the API’s log', system.api.output()],
    ['the dispatcher’s log', system.dispatcher.output()],
    ['the dispatcher’s metrics', metrics],
    ['Redis meanwhile', redisBetween],
    ['Redis afterwards', redisAfter],
    ['what was said to Redis', redisTraffic.text()],
  ]);
  const database = await dumpDatabase(adminUrl);
  const places = new Map([...logs, ...answers, ...refused, ['the mails', mails], ['the database', database]]);
  expect(secrets.find(places)).toEqual([]);
  const others = createLeakFinder();
  others.add('payload', PAYLOAD);
  others.add('URL', URL_TOKEN);
  expect(others.find(logs)).toEqual([]);

  // It was looked in the right places, and something was there to be found.
  expect(others.find(new Map([['the database', database]])).map((leak) => leak.split(' in ')[0])).toEqual(
    expect.arrayContaining(['payload', 'URL']),
  );
  expect(others.find(new Map(answers)).length).toBeGreaterThan(10);
  expect(secrets.count()).toBeGreaterThan(40);
  expect(redisTraffic.text()).toContain('dlv-');
  for (const [place, said] of logs) expect([place, said.length > 20]).toEqual([place, true]);
  expect(mails).toContain('webhooks@posthorn.example');
  expect(system.api.output()).toContain('request failed');
  expect(echo.requests.some(({ headers }) => headers.authorization?.startsWith('Bearer header-'))).toBe(true);
  expect(database).toContain('x-echo');

  // Replacing a client certificate takes effect with the next attempt, and verification was never off.
  expect(tls.requests.map(({ client }) => client)).toEqual(['first', 'second']);
  const refusals = overTls.deliveries.filter(({ endpoint_id: of }) => of === overTls.careless.id);
  expect(refusals).toMatchObject([{ status: 'failed', last_error: expect.stringMatching(/^TLS: the certificate/) }]);
});
