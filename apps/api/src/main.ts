import { performance } from 'node:perf_hooks';
import { createLogger } from '@posthorn/runtime/create-logger';
import { createOwnAddresses } from '@posthorn/runtime/own-addresses';
import { readSettings } from '@posthorn/runtime/read-settings';
import { stopOnSignal } from '@posthorn/runtime/stop-on-signal';
import { checkSecretsKeys } from '@posthorn/store/operator/check-secrets-keys';
import { checkSessionLimits } from '@posthorn/store/operator/check-session-limits';
import { createHttpTerminator } from 'http-terminator';
import { createApp } from './app.ts';
import { createDeps } from './create-deps.ts';
import { classesFor } from './http/classes-for.ts';
import { createApiServer, serverLimits } from './http/create-api-server.ts';
import { listen } from './http/listen.ts';

const names = [
  'PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'ADMIN_API_KEY',
  'SECRETS_KEY',
  'EGRESS_ALLOW',
  'ALLOW_HTTP',
  'QUEUE_SHARDS',
  'QUEUE_MAX_WAITING',
  'API_RATE_LIMIT',
  'TRUSTED_PROXIES',
  'UPGRADE_URL',
  'LOG_LEVEL',
] as const;

const REQUEST_GRACE_MS = 9_500;
const STOP_DEADLINE_MS = 15_000;

async function run(): Promise<void> {
  const settings = readSettings(process.env, names);
  const log = createLogger('api', settings.LOG_LEVEL, process.stdout.isTTY);
  const deps = createDeps({
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    queueShards: settings.QUEUE_SHARDS,
    maxWaitingJobs: settings.QUEUE_MAX_WAITING,
    adminApiKey: settings.ADMIN_API_KEY,
    secretsKeys: settings.SECRETS_KEY,
    egressRules: {
      allowHttp: settings.ALLOW_HTTP,
      allowed: settings.EGRESS_ALLOW,
      own: createOwnAddresses(() => performance.now()),
    },
    rateLimit: settings.API_RATE_LIMIT,
    trustedProxies: settings.TRUSTED_PROXIES,
    upgradeUrl: settings.UPGRADE_URL,
    log,
  });
  await checkSessionLimits(deps.database);
  const fault = await checkSecretsKeys(deps.database, deps.secretBox);
  if (fault !== null) log.warn(`SECRETS_KEY was not checked: ${fault}`);
  const app = createApp(deps);
  const server = createApiServer(app, log, serverLimits, classesFor(app));
  const terminator = createHttpTerminator({ server, gracefulTerminationTimeout: REQUEST_GRACE_MS });
  await listen(server, settings.PORT);
  log.info('listening', { port: settings.PORT });
  stopOnSignal({
    log,
    deadlineMs: STOP_DEADLINE_MS,
    stop: async () => {
      deps.liveStreams.closeAll();
      await terminator.terminate();
      await deps.close();
    },
  });
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
