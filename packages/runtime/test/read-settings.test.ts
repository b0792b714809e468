import { describe, expect, test } from '@jest/globals';
import { readSettings, SettingsError } from '../src/read-settings.ts';
import { type SettingName, settings } from '../src/settings.ts';

const names = Object.keys(settings) as SettingName[];
const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');
const needed = {
  DATABASE_URL: 'postgresql://posthorn:pg-password@db:5432/posthorn',
  REDIS_URL: 'redis://:redis-password@cache:6379',
  ADMIN_API_KEY: 'operator-key-of-this-test',
  SECRETS_KEY: KEY,
};
type Environment = Record<string, string | undefined>;
const read = (env: Environment) => readSettings({ ...needed, ...env }, names);

function problemsOf(env: Environment): string {
  try {
    readSettings(env, names);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('These settings were accepted');
}

describe('Defaults', () => {
  test('are what the documentation says', () => {
    expect(read({})).toEqual({
      ...needed,
      PORT: 8080,
      DISPATCHER_PORT: 8081,
      DATA_DIR: '.posthorn',
      SECRETS_KEY: [KEY],
      EGRESS_ALLOW: expect.anything(),
      EGRESS_PROXY_URL: null,
      EGRESS_DNS: [],
      ALLOW_HTTP: false,
      RETRY_MINUTE_MS: 60_000,
      DISPATCHER_CONCURRENCY: expect.any(Number),
      ENDPOINT_CONCURRENCY: expect.any(Number),
      QUEUE_SHARDS: 1,
      QUEUE_MAX_WAITING: 10_000,
      RETENTION_DAYS: 0,
      API_RATE_LIMIT: 0,
      ENDPOINT_WARN_AFTER_SECONDS: 0,
      ENDPOINT_DISABLE_AFTER_SECONDS: 0,
      TRUSTED_PROXIES: expect.anything(),
      UPGRADE_URL: null,
      SMTP_URL: null,
      MAIL_FROM: null,
      DEMO: true,
      LOG_LEVEL: 'info',
    });
  });

  test('also stand for an empty value, which is how a compose file says "not set"', () => {
    const empty = Object.fromEntries(names.map((name) => [name, name in needed ? undefined : '']));
    expect(readSettings({ ...empty, ...needed }, names)).toEqual(read({}));
  });

  test('every setting says what it means, and its default is a value that it accepts', () => {
    for (const name of names) {
      const { meaning, fallback, schema } = settings[name];
      expect(meaning.length).toBeGreaterThan(10);
      if (fallback !== null) expect(schema.safeParse(fallback).success).toBe(true);
    }
  });

  test('settings that were not asked for are neither read nor required', () => {
    expect(readSettings({ PORT: '9', DISPATCHER_PORT: 'wrong' }, ['PORT'])).toEqual({ PORT: 9 });
  });
});

describe('Values', () => {
  const right: [name: SettingName, text: string, value: unknown][] = [
    ['PORT', '1', 1],
    ['PORT', '65535', 65_535],
    ['DATABASE_URL', 'postgres://db/posthorn', 'postgres://db/posthorn'],
    ['REDIS_URL', 'rediss://cache:6380/1', 'rediss://cache:6380/1'],
    ['REDIS_URL', 'redis://one:6379,redis://two:6379', 'redis://one:6379,redis://two:6379'],
    ['ALLOW_HTTP', 'true', true],
    ['DEMO', 'false', false],
    ['RETRY_MINUTE_MS', '1', 1],
    ['QUEUE_SHARDS', '64', 64],
    ['QUEUE_MAX_WAITING', '1', 1],
    ['API_RATE_LIMIT', '100', 100],
    ['RETENTION_DAYS', '2', 2],
    ['LOG_LEVEL', 'debug', 'debug'],
    ['SECRETS_KEY', `${KEY}, ${OTHER_KEY}`, [KEY, OTHER_KEY]],
    ['EGRESS_PROXY_URL', 'http://user:p%40ss@proxy:3128', 'http://user:p%40ss@proxy:3128'],
    ['EGRESS_PROXY_URL', 'https://[fd00::1]:443/', 'https://[fd00::1]:443/'],
    ['EGRESS_DNS', '10.0.0.2, [fd00::1]:5353', ['10.0.0.2', '[fd00::1]:5353']],
    ['MAIL_FROM', 'a@b.example', { name: '', address: 'a@b.example' }],
    ['MAIL_FROM', 'Acme, Inc <a@b.example>', { name: 'Acme, Inc', address: 'a@b.example' }],
    ['MAIL_FROM', '"Acme" <a@b.example>', { name: 'Acme', address: 'a@b.example' }],
    ['MAIL_FROM', '<a@b.example>', { name: '', address: 'a@b.example' }],
  ];
  test.each(right)('%s=%s is read', (name, text, value) => {
    expect(read({ [name]: text })[name]).toEqual(value);
  });

  const wrong: [name: SettingName, text: string][] = [
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['DATABASE_URL', 'mysql://db/posthorn'],
    ['DATABASE_URL', 'db:5432'],
    ['REDIS_URL', 'http://cache:6379'],
    ['REDIS_URL', 'cache'],
    ['REDIS_URL', 'redis://one:6379,two:6379'],
    ['REDIS_URL', 'redis://one/1,redis://two/1'],
    ['ADMIN_API_KEY', 'short'],
    ['RETENTION_DAYS', '1'],
    ['RETENTION_DAYS', '7.5'],
    ['SECRETS_KEY', 'short'],
    ['SECRETS_KEY', `${KEY},`],
    ['SECRETS_KEY', `${KEY},short`],
    ['ALLOW_HTTP', 'yes'],
    ['ALLOW_HTTP', 'TRUE'],
    ['RETRY_MINUTE_MS', '0'],
    ['RETRY_MINUTE_MS', '-1'],
    ['DISPATCHER_CONCURRENCY', '0'],
    ['ENDPOINT_CONCURRENCY', 'many'],
    ['QUEUE_SHARDS', '65'],
    ['QUEUE_MAX_WAITING', '0'],
    ['API_RATE_LIMIT', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['SMTP_URL', 'mail.example:25'],
    ['SMTP_URL', 'https://mail.example'],
    ['SMTP_URL', 'smtp://'],
    ['SMTP_URL', 'smtp://user:100%@mail.example'],
    ['EGRESS_PROXY_URL', 'proxy:3128'],
    ['EGRESS_PROXY_URL', 'socks5://proxy:1080'],
    ['EGRESS_PROXY_URL', 'http://proxy/path'],
    ['EGRESS_PROXY_URL', 'http://user:100%@proxy'],
    ['EGRESS_DNS', 'dns.example'],
    ['EGRESS_DNS', '10.0.0.2,10.0.0'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@b.example, c@d.example'],
    ['MAIL_FROM', 'A <a@b.example> <c@d.example>'],
    ['MAIL_FROM', 'A\nBcc: c@d.example <a@b.example>'],
  ];
  test.each(wrong)('%s=%s is refused by name', (name, text) => {
    expect(problemsOf({ ...needed, [name]: text })).toMatch(new RegExp(`^Wrong settings:\n {2}${name} \\S`));
  });
});

describe('The message', () => {
  test('lists every problem at once, one line each', () => {
    const lines = problemsOf({ PORT: 'x', LOG_LEVEL: 'loud', SECRETS_KEY: 'short' }).split('\n');
    expect(lines[0]).toBe('Wrong settings:');
    expect(lines.slice(1).map((line) => line.trim().split(' ')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'REDIS_URL',
      'ADMIN_API_KEY',
      'SECRETS_KEY',
      'LOG_LEVEL',
    ]);
  });

  test('tells a missing setting from a wrong one', () => {
    const message = problemsOf({ ...needed, DATABASE_URL: undefined, REDIS_URL: '' });
    expect(message).toContain('DATABASE_URL is not set, and has no default');
    expect(message).toContain('REDIS_URL is not set, and has no default');
  });

  test('says what a setting needs beside it, and only where both are read', () => {
    const smtp = { ...needed, SMTP_URL: 'smtp://mail.example' };
    expect(problemsOf(smtp)).toBe('Wrong settings:\n  MAIL_FROM is not set, and SMTP_URL needs it');
    expect(problemsOf({ ...smtp, MAIL_FROM: '', PORT: 'x' }).split('\n')).toHaveLength(3);
    expect(read({ ...smtp, MAIL_FROM: 'a@b.example' }).SMTP_URL).toBe('smtp://mail.example');
    expect(read({ MAIL_FROM: 'a@b.example' }).SMTP_URL).toBeNull();
    expect(readSettings(smtp, ['SMTP_URL'])).toEqual({ SMTP_URL: 'smtp://mail.example' });
  });

  test('shows a wrong value, to make the mistake plain', () => {
    expect(problemsOf({ ...needed, PORT: '80 80' })).toContain('(it is "80 80")');
  });

  test('never shows a key, or a URL, which may hold a password', () => {
    const message = problemsOf({
      DATABASE_URL: 'mysql://posthorn:pg-password@db/posthorn',
      REDIS_URL: 'http://:redis-password@cache',
      ADMIN_API_KEY: 'op-short',
      SECRETS_KEY: 'c2VjcmV0',
      SMTP_URL: 'http://user:mail-password@mail.example',
    });
    for (const secret of ['pg-password', 'redis-password', 'op-short', 'c2VjcmV0', 'mail-password'])
      expect(message).not.toContain(secret);
  });
});
