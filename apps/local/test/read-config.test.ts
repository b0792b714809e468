import { expect, test } from '@jest/globals';
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
    /PORT[\s\S]*QUEUE_SHARDS[\s\S]*SECRETS_KEY/,
  );
});
