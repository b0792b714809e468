import { expect, test } from '@jest/globals';
import { settings } from '@posthorn/runtime/settings';
import { readConfig } from '../src/read-config.ts';

test('an empty environment brings everything up here, with a guard that lets loopback through', () => {
  expect(readConfig({})).toMatchObject({
    port: 8080,
    dispatcherPort: 8081,
    dataDir: '.posthorn',
    demo: true,
    databaseUrl: undefined,
    redisUrl: undefined,
    childEnvironment: { EGRESS_ALLOW: '127.0.0.0/8,::1/128', ALLOW_HTTP: 'true' },
  });
});

test('what is given is kept, an empty network list included', () => {
  const config = readConfig({
    EGRESS_ALLOW: '',
    ALLOW_HTTP: 'false',
    DEMO: 'false',
    REDIS_URL: 'redis://127.0.0.1:1',
    DATABASE_URL: '',
  });
  expect(config).toMatchObject({
    databaseUrl: undefined,
    redisUrl: 'redis://127.0.0.1:1',
    childEnvironment: { EGRESS_ALLOW: '', ALLOW_HTTP: 'false' },
  });
});

test('one port for two servers is a wrong setting', () => {
  expect(() => readConfig({ PORT: '8081' })).toThrow(/PORT and DISPATCHER_PORT must differ/);
});

test('mail settings reach the dispatcher, and wrong ones are named before anything starts', () => {
  const mail = { SMTP_URL: 'smtp://127.0.0.1:2525', MAIL_FROM: 'a@b.example' };
  expect(readConfig(mail).childEnvironment).toMatchObject(mail);
  expect(() => readConfig({ SMTP_URL: mail.SMTP_URL })).toThrow(/MAIL_FROM is not set, and SMTP_URL needs it/);
});

test('every wrong value is named at once, those of the API and the dispatcher as well', () => {
  expect(() => readConfig({ PORT: 'x', QUEUE_SHARDS: '0', SECRETS_KEY: 'short' })).toThrow(
    /PORT[\s\S]*SECRETS_KEY[\s\S]*QUEUE_SHARDS/,
  );
});

test('no setting is overlooked: each that is wrong is named before anything starts', () => {
  const environment = Object.fromEntries(Object.keys(settings).map((name) => [name, ' ?\u0000']));
  const message = (() => {
    try {
      return JSON.stringify(readConfig(environment));
    } catch (error) {
      return String(error);
    }
  })();
  const takesAnything = ['DATA_DIR'];
  expect(Object.keys(settings).filter((name) => !message.includes(`  ${name} `))).toEqual(takesAnything);
});

test.each([
  ['ALLOW_HTTP', 'false'],
  ['EGRESS_ALLOW', ''],
  ['EGRESS_ALLOW', '10.0.0.0/8'],
])('the demo needs what %s=%s closes, and says so', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(/DEMO=false/);
  expect(readConfig({ [name]: value, DEMO: 'false' }).childEnvironment).toMatchObject({ [name]: value });
});

test('an empty value is none', () => {
  expect(readConfig({ ALLOW_HTTP: '' }).childEnvironment).toMatchObject({ ALLOW_HTTP: 'true' });
});
