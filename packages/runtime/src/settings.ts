import { parseCidrs } from '@posthorn/domain/egress/parse-cidrs';
import { parseRedisUrl } from '@posthorn/domain/redis/parse-redis-url';
import { parseSecretsKeys, SECRETS_KEY_BYTES } from '@posthorn/domain/secrets/parse-secrets-keys';
import { z } from 'zod';
import { isProxyUrl } from './is-proxy-url.ts';
import { isSmtpUrl } from './is-smtp-url.ts';
import { parseMailFrom } from './parse-mail-from.ts';
import { parseNameServers } from './parse-name-servers.ts';

const MAX_PORT = 65_535;
/** A month. */
const MAX_FAILING_SECONDS = 2_678_400;

const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce
    .number({ error: 'must be a whole number' })
    .int({ error: 'must be a whole number' })
    .min(min, { error: `must be at least ${min}` })
    .max(max, { error: `must be at most ${max}` });
const port = wholeNumber(1, MAX_PORT);
const positive = wholeNumber(1);
const failingSeconds = wholeNumber(0, MAX_FAILING_SECONDS);
/** Longer than the schedule of every built-in profile: what is still tried outlives it, but by itself. */
const MIN_RETENTION_DAYS = 2;
const MAX_RETENTION_DAYS = 36_500;
const retentionDays = wholeNumber(0, MAX_RETENTION_DAYS).refine((days) => days === 0 || days >= MIN_RETENTION_DAYS, {
  error: `must be 0, or at least ${MIN_RETENTION_DAYS}`,
});
const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
const urlOf = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const cidrs = z.string().transform((text, context) => {
  const parsed = parseCidrs(text);
  if (parsed.ok) return parsed.list;
  context.addIssue({ code: 'custom', message: `has entries that are no CIDR: ${parsed.wrong.join(', ')}` });
  return z.NEVER;
});

/** One environment variable: how it is read, what it is without a value, and what it means. */
export interface Setting<Value> {
  readonly schema: z.ZodType<Value>;
  /** The text that stands for a missing value; `null`: the process cannot start without one. */
  readonly fallback: string | null;
  readonly meaning: string;
  /** The setting that means nothing without this one. */
  readonly neededBy?: string;
}

const setting = <Value>(
  schema: z.ZodType<Value>,
  fallback: string | null,
  meaning: string,
  neededBy?: string,
): Setting<Value> => ({ schema, fallback, meaning, ...(neededBy === undefined ? {} : { neededBy }) });

/** Every setting of every process, declared once. `.env.example` and the table in the README are made from this. */
export const settings = {
  PORT: setting(port, '8080', 'Port of the API and the console'),
  DISPATCHER_PORT: setting(port, '8081', "Port of the dispatcher's /livez, /readyz and /metrics"),
  DATABASE_URL: setting(
    urlOf('postgresql:', 'postgres:'),
    null,
    'PostgreSQL 14 or newer; with `?pgbouncer=true` a pooler in transaction mode may stand before it. Embedded under ' +
      '`npm start`, required otherwise',
  ),
  REDIS_URL: setting(
    z.string().superRefine((text, context) => {
      const parsed = parseRedisUrl(text);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
    }),
    null,
    'Redis 6.2 or newer, or Valkey 7.2 or newer; several URLs separated by commas are nodes of a Redis Cluster. Embedded ' +
      'under `npm start`, required otherwise',
  ),
  DATA_DIR: setting(z.string().min(1), '.posthorn', 'Folder in which embedded parts keep their data'),
  ADMIN_API_KEY: setting(
    z.string().min(16, 'must have at least 16 characters'),
    null,
    "The operator's API key; made at the first `npm start` and kept in DATA_DIR, required otherwise",
  ),
  SECRETS_KEY: setting(
    z.string().transform((text, context) => {
      const keys = parseSecretsKeys(text);
      if (keys) return keys;
      const message = `must be ${SECRETS_KEY_BYTES} bytes in base64, or several of those separated by commas`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
    null,
    'Encrypts signing secrets at rest: 32 bytes in base64. Of a comma-separated list the first encrypts and all ' +
      'decrypt. Made and kept like ADMIN_API_KEY',
  ),
  EGRESS_ALLOW: setting(
    cidrs,
    '',
    'Networks that deliveries may reach although they are private, as CIDRs separated by commas; under `npm start` ' +
      '127.0.0.0/8,::1/128 unless set',
  ),
  EGRESS_PROXY_URL: setting(
    z
      .string()
      .refine((text) => text === '' || isProxyUrl(text), {
        error: 'must be a URL that starts with http:// or https://, names a host and has no path',
      })
      .transform((text) => (text === '' ? null : text)),
    '',
    'HTTP proxy (CONNECT) through which deliveries leave, `http://user:password@host:3128`; networks that EGRESS_ALLOW ' +
      'opens are reached directly',
  ),
  EGRESS_DNS: setting(
    z.string().transform((text, context) => {
      const servers = parseNameServers(text);
      if (servers !== undefined) return servers;
      context.addIssue({ code: 'custom', message: 'must be addresses of name servers separated by commas' });
      return z.NEVER;
    }),
    '',
    "Name servers that look up endpoints' hosts, `1.2.3.4,[2001:db8::1]:53`; without it those of the machine. Servers that " +
      'know no private names keep those from strangers',
  ),
  ALLOW_HTTP: setting(
    flag,
    'false',
    'Accept http:// endpoint URLs, and send to them; under `npm start` true unless set',
  ),
  RETRY_MINUTE_MS: setting(
    positive,
    '60000',
    'Length of one minute of a retry schedule, in ms; tests and rehearsals compress time with it',
  ),
  DISPATCHER_CONCURRENCY: setting(positive, '256', 'Requests in flight per dispatcher'),
  ENDPOINT_CONCURRENCY: setting(positive, '64', 'Requests in flight to one endpoint, over all dispatchers'),
  ENDPOINT_WARN_AFTER_SECONDS: setting(
    failingSeconds,
    '0',
    'A tenant is mailed, once, when every attempt to one of its endpoints has failed for so many seconds; 0 is off',
  ),
  ENDPOINT_DISABLE_AFTER_SECONDS: setting(
    failingSeconds,
    '0',
    'An endpoint is disabled, and its tenant mailed, when every attempt has failed for so many seconds; 0 is off. An ' +
      'endpoint may say otherwise for itself',
  ),
  QUEUE_SHARDS: setting(
    wholeNumber(1, 64),
    '1',
    'BullMQ queues that deliveries are spread over; one Redis Cluster slot each. The same in every process',
  ),
  QUEUE_MAX_WAITING: setting(
    positive,
    '10000',
    'Jobs that wait in Redis at the most, over all shards, 1.2 kB each; further deliveries wait in PostgreSQL. A tenant ' +
      'alone has at most a fifth of them. The same in every process',
  ),
  RETENTION_DAYS: setting(
    retentionDays,
    '0',
    'Days after which events, with their deliveries and attempts, are removed; what is still open is not. 0 keeps them for ever',
  ),
  API_RATE_LIMIT: setting(wholeNumber(0), '0', 'Requests per second and API key; 0 is off'),
  TRUSTED_PROXIES: setting(
    cidrs,
    '',
    'Proxies in front of the API whose X-Forwarded-For is believed, as CIDRs separated by commas; the audit log keeps ' +
      'the address before them',
  ),
  UPGRADE_URL: setting(
    z.union([z.literal('').transform(() => null), urlOf('https:', 'http:')], {
      error: 'must be a URL that starts with https:// or http://',
    }),
    '',
    'Where tenants get more than their quotas; stands as `upgrade_url` in the refusal of what goes beyond them',
  ),
  SMTP_URL: setting(
    z
      .string()
      .refine((text) => text === '' || isSmtpUrl(text), {
        error:
          'must be a URL that starts with smtp:// or smtps:// and names a host; special characters are percent-encoded',
      })
      .transform((text) => (text === '' ? null : text)),
    '',
    'Mail server for notifications to tenants, `smtp://user:password@host:587` or `smtps://…`; without it they are logged',
  ),
  MAIL_FROM: setting(
    z.string().transform((text, context) => {
      const sender = text === '' ? null : parseMailFrom(text);
      if (sender !== undefined) return sender;
      context.addIssue({ code: 'custom', message: 'must be one address: a@b.example, or Name <a@b.example>' });
      return z.NEVER;
    }),
    '',
    'Sender of those mails, `a@b.example` or `Name <a@b.example>`; required when SMTP_URL is set',
    'SMTP_URL',
  ),
  DEMO: setting(flag, 'true', '`false` makes `npm start` leave out the demo tenant, its receiver and its webhook'),
  LOG_LEVEL: setting(
    z.enum(['error', 'warn', 'info', 'debug'], { error: 'must be error, warn, info or debug' }),
    'info',
    'Least important level that is logged: `error`, `warn`, `info` or `debug`',
  ),
} as const;

export type SettingName = keyof typeof settings;
/** The value that a setting has after it was read. */
export type SettingValue<Name extends SettingName> =
  (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
