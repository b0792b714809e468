import { readSettings, SettingsError } from '@posthorn/runtime/read-settings';

/** An environment, as processes get it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What `npm start` was asked for. An undefined URL or key is brought up or made here. */
export interface LocalConfig {
  port: number;
  dispatcherPort: number;
  dataDir: string;
  demo: boolean;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  adminApiKey: string | undefined;
  secretsKey: string | undefined;
  /** The PATH that a Redis is looked for in. */
  search: string | undefined;
  /** What the API and the dispatcher get, less the URLs and keys. */
  childEnvironment: Environment;
}

// A sample receiver on this machine is the point of npm start, and the guard would keep deliveries from it.
const EASIER_HERE = { EGRESS_ALLOW: '127.0.0.0/8,::1/128', ALLOW_HTTP: 'true' };
const ALWAYS = [
  'PORT',
  'DISPATCHER_PORT',
  'DATA_DIR',
  'DEMO',
  'EGRESS_ALLOW',
  'EGRESS_PROXY_URL',
  'EGRESS_DNS',
  'ALLOW_HTTP',
  'RETRY_MINUTE_MS',
  'DISPATCHER_CONCURRENCY',
  'ENDPOINT_CONCURRENCY',
  'QUEUE_SHARDS',
  'QUEUE_MAX_WAITING',
  'RETENTION_DAYS',
  'API_RATE_LIMIT',
  'SMTP_URL',
  'MAIL_FROM',
  'LOG_LEVEL',
] as const;
const MADE_HERE = ['DATABASE_URL', 'REDIS_URL', 'ADMIN_API_KEY', 'SECRETS_KEY'] as const;

/** Reads the environment. Throws a SettingsError that lists every wrong value, the children's as well. */
export function readConfig(environment: Environment): LocalConfig {
  const given = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  const names = [...ALWAYS, ...MADE_HERE.filter((name) => given(name) !== undefined)];
  const settings = readSettings(environment, names);
  if (settings.PORT === settings.DISPATCHER_PORT) {
    throw new SettingsError(`Wrong settings:\n  PORT and DISPATCHER_PORT must differ (both are ${settings.PORT})`);
  }
  const defaults = Object.entries(EASIER_HERE).filter(([name]) => environment[name] === undefined);
  return {
    port: settings.PORT,
    dispatcherPort: settings.DISPATCHER_PORT,
    dataDir: settings.DATA_DIR,
    demo: settings.DEMO,
    databaseUrl: given('DATABASE_URL'),
    redisUrl: given('REDIS_URL'),
    adminApiKey: given('ADMIN_API_KEY'),
    secretsKey: given('SECRETS_KEY'),
    search: environment['PATH'],
    childEnvironment: { ...environment, ...Object.fromEntries(defaults) },
  };
}
