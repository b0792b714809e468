import { isListed } from '@posthorn/domain/egress/is-listed';
import { readSettings, SettingsError } from '@posthorn/runtime/read-settings';
import { settings as declared, type SettingName } from '@posthorn/runtime/settings';

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
const MADE_HERE: ReadonlySet<SettingName> = new Set(['DATABASE_URL', 'REDIS_URL', 'ADMIN_API_KEY', 'SECRETS_KEY']);
/** Where the sample receiver listens. */
const LOOPBACK = '127.0.0.1';

/** Reads the environment. Throws a SettingsError that lists every wrong value, the children's as well. */
export function readConfig(environment: Environment): LocalConfig {
  const given = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  // An empty list of networks is a list; anything else that is empty is not set.
  const defaults = Object.entries(EASIER_HERE).filter(([name]) =>
    name === 'EGRESS_ALLOW' ? environment[name] === undefined : given(name) === undefined,
  );
  const childEnvironment = { ...environment, ...Object.fromEntries(defaults) };
  const names = (Object.keys(declared) as SettingName[]).filter(
    (name) => !MADE_HERE.has(name) || given(name) !== undefined,
  );
  const settings = readSettings(childEnvironment, names);
  if (settings.PORT === settings.DISPATCHER_PORT) {
    throw new SettingsError(`Wrong settings:\n  PORT and DISPATCHER_PORT must differ (both are ${settings.PORT})`);
  }
  if (settings.DEMO && !(settings.ALLOW_HTTP && isListed(settings.EGRESS_ALLOW, LOOPBACK))) {
    throw new SettingsError(
      `Wrong settings:\n  DEMO sends to http://${LOOPBACK}, which ALLOW_HTTP or EGRESS_ALLOW closes: leave them out, or set ` +
        'DEMO=false',
    );
  }
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
    childEnvironment,
  };
}
