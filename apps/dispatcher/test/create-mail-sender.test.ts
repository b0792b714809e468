import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimPort } from '@posthorn/testkit/claim-port';
import { createMailSender } from '../src/notify/create-mail-sender.ts';
import { MAIL_PASSWORD, MAIL_USER, type MailServer, startMailServer } from './start-mail-server.ts';

const ID = '019ae1a9-4bb0-7d6c-9512-3eebe1695777';
const TO = 'ops@acme.example';
const mail = { subject: 'Hello', text: 'Plain', html: '<p>Rich</p>' };
const never = new AbortController().signal;

let server: MailServer;

beforeEach(async () => {
  server = await startMailServer();
});
afterEach(() => server.close());

const settings = (port: number, timeoutMs = 10_000) => ({
  smtpUrl: `smtp://${MAIL_USER}:${encodeURIComponent(MAIL_PASSWORD)}@127.0.0.1:${port}`,
  from: { name: 'Ächme, "Inc" <x@y.example>', address: 'webhooks@acme.example' },
  timeoutMs,
});

test('A mail sent twice has the same Message-ID, so that it can be known again', async () => {
  const send = createMailSender(settings(server.port), never);
  expect([await send(ID, TO, mail), await send(ID, TO, mail)]).toEqual([{ kind: 'sent' }, { kind: 'sent' }]);
  expect(server.mails.map(({ parsed }) => parsed.messageId)).toEqual(Array(2).fill(`<${ID}@acme.example>`));
});

test('It comes as text and HTML, from one sender whatever its name holds, and asks for no automatic reply', async () => {
  await createMailSender(settings(server.port), never)(ID, TO, mail);
  expect(server.mails[0]?.from).toBe('webhooks@acme.example');
  expect(server.mails[0]?.parsed).toMatchObject({
    from: settings(0).from,
    to: [{ address: TO }],
    subject: 'Hello',
    text: 'Plain\n',
    html: '<p>Rich</p>\n',
  });
  expect(server.mails[0]?.raw).toMatch(/^auto-submitted: auto-generated\r$/im);
});

test.each([
  'ops@acme.example, thief@evil.example',
  'ops@acme.example\r\nBcc: thief@evil.example',
  'ops@acme.example>\r\nRCPT TO:<thief@evil.example',
  'x <thief@evil.example>',
  'group: thief@evil.example;',
  '',
])('The address %j reaches nobody else', async (address) => {
  await createMailSender(settings(server.port), never)(ID, address, mail);
  expect(server.named).not.toContain('thief@evil.example');
  for (const { raw, to } of server.mails) {
    expect(to).toHaveLength(1);
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im);
  }
});

describe('What goes wrong is a value with its reason:', () => {
  test.each([
    [550, 'refused'],
    [450, 'failed'],
  ] as const)('the recipient is answered %i', async (code, kind) => {
    server.answer(code);
    const outcome = await createMailSender(settings(server.port), never)(ID, TO, mail);
    expect(outcome).toMatchObject({ kind, reason: expect.stringContaining(`${code} No such user here`) });
  });

  test('nothing listens there', async () => {
    const outcome = await createMailSender(settings(await claimPort()), never)(ID, TO, mail);
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('ECONNREFUSED') });
  });

  test('the server says nothing until the deadline', async () => {
    const silent = createServer(() => undefined);
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port));
    });
    const outcome = await createMailSender(settings(port, 200), never)(ID, TO, mail);
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/abort|timeout/i) });
    silent.close();
  });

  test('the process must end', async () => {
    server.answer(0);
    const interrupt = new AbortController();
    const sending = createMailSender(settings(server.port), interrupt.signal)(ID, TO, mail);
    setTimeout(() => interrupt.abort(), 50);
    expect((await sending).kind).toBe('failed');
  });

  test('a server that repeats the password: the reason does not', async () => {
    const wrong = settings(server.port).smtpUrl.replace(encodeURIComponent(MAIL_PASSWORD), 'wrong%2Fpassword');
    const outcome = await createMailSender({ ...settings(0), smtpUrl: wrong }, never)(ID, TO, mail);
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('***') });
    expect(JSON.stringify(outcome)).not.toContain('wrong/password');
  });
});
