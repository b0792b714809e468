// The dispatcher process. Stopping: quiet → send back what waits → finish what is in flight → record → close → exit 0.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { hearEndpointChanges } from '@posthorn/queue/hear-endpoint-changes';
import { runWorkers } from '@posthorn/queue/run-worker';
import { createLogger } from '@posthorn/runtime/create-logger';
import { newId } from '@posthorn/runtime/new-id';
import { readSettings, SettingsError } from '@posthorn/runtime/read-settings';
import { stopOnSignal } from '@posthorn/runtime/stop-on-signal';
import { beatDispatcher, leaveDispatcher } from '@posthorn/store/engine/beat-dispatcher';
import { isUnavailable } from '@posthorn/store/is-unavailable';
import { closeDatabase, pingDatabase } from '@posthorn/store/open-database';
import { checkSecretsKeys, MissingSecretsKeyError } from '@posthorn/store/operator/check-secrets-keys';
import { checkSessionLimits, NoSessionLimitsError } from '@posthorn/store/operator/check-session-limits';
import { createDeps } from './deps.ts';
import { createIntake } from './hold-intake.ts';
import { serveHealth } from './http/serve-health.ts';
import { startNotifier } from './notify/start-notifier.ts';
import { type ProcessJobDeps, processJob } from './process-job.ts';
import { startReconciler } from './reconcile/start-reconciler.ts';
import { startRecoverer } from './recover/start-recoverer.ts';
import { startUpkeep } from './upkeep/start-upkeep.ts';

/** What is in flight may take this long to finish; then it is handed back. */
const DRAIN_MS = 15_000;
const DRAIN_POLL_MS = 20;
/** Requests that were cut off are recorded within this. */
const RECORD_MS = 2_000;
const LEAVE_MS = 1_000;
const CLOSE_MS = 300;
const EXIT_DEADLINE_MS = 19_500;

/** By how much the heap may grow between two collections. V8 alone lets it grow fourfold: 100 MB more, and hardly faster. */
const HEAP_GROWTH_PERCENT = 60;

const names = [
  'DISPATCHER_PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'SECRETS_KEY',
  'EGRESS_ALLOW',
  'ALLOW_HTTP',
  'EGRESS_PROXY_URL',
  'EGRESS_DNS',
  'RETRY_MINUTE_MS',
  'DISPATCHER_CONCURRENCY',
  'ENDPOINT_CONCURRENCY',
  'ENDPOINT_WARN_AFTER_SECONDS',
  'ENDPOINT_DISABLE_AFTER_SECONDS',
  'QUEUE_SHARDS',
  'QUEUE_MAX_WAITING',
  'RETENTION_DAYS',
  'SMTP_URL',
  'MAIL_FROM',
  'LOG_LEVEL',
] as const;

async function start(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const config = readSettings(process.env, names);
  const log = createLogger('dispatcher', config.LOG_LEVEL, process.stdout.isTTY);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const deps = createDeps({
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    shards: config.QUEUE_SHARDS,
    maxWaitingJobs: config.QUEUE_MAX_WAITING,
    concurrency: config.DISPATCHER_CONCURRENCY,
    endpointConcurrency: config.ENDPOINT_CONCURRENCY,
    minuteMs: config.RETRY_MINUTE_MS,
    failurePolicy: {
      warnAfterSeconds: config.ENDPOINT_WARN_AFTER_SECONDS,
      disableAfterSeconds: config.ENDPOINT_DISABLE_AFTER_SECONDS,
    },
    retentionDays: config.RETENTION_DAYS,
    secretsKeys: config.SECRETS_KEY,
    egress: {
      allowHttp: config.ALLOW_HTTP,
      allowed: config.EGRESS_ALLOW,
      proxyUrl: config.EGRESS_PROXY_URL,
      nameServers: config.EGRESS_DNS,
    },
    version,
    log,
  });
  const { dispatcherId, database, producer, gate, registry } = deps;
  await checkSessionLimits(database);
  const fault = await checkSecretsKeys(database, deps.secretBox);
  if (fault !== null) log.warn(`SECRETS_KEY was not checked: ${fault}`);
  const probes = { database: () => pingDatabase(database), queue: () => producer.ping() };
  const health = await serveHealth({ port: config.DISPATCHER_PORT, registry, probes });
  const reconciler = startReconciler(deps, () => workers.renewIfIdle());
  const recoverer = startRecoverer(deps);
  const upkeep = startUpkeep(deps);
  const changes = hearEndpointChanges({
    redisUrl: config.REDIS_URL,
    onChange(endpointId) {
      gate.recall(endpointId, newId());
      deps.metrics.changes.inc();
    },
    onError: deps.logError('redis'),
  });
  const mail = config.SMTP_URL && config.MAIL_FROM && { smtpUrl: config.SMTP_URL, from: config.MAIL_FROM };
  const notifier = startNotifier(deps, mail || null);
  const jobDeps: ProcessJobDeps = { ...deps.jobDeps, onRetryable: (error) => isUnavailable(error) && intake.hold() };
  const workers = runWorkers({
    redisUrl: config.REDIS_URL,
    shards: config.QUEUE_SHARDS,
    concurrency: deps.jobsAtOnce,
    onError: deps.logError('redis'),
    process: (job) => processJob(jobDeps, job),
  });
  const intake = createIntake({
    pause: () => workers.pause(),
    resume: () => workers.resume(),
    probe: () => beatDispatcher(database, dispatcherId),
    onChange: (held) => log.warn(held ? 'the database refuses: taking no jobs' : 'the database answers: taking jobs'),
    onError: deps.logError('intake'),
    now: () => performance.now(),
  });
  log.info('started', { port: config.DISPATCHER_PORT, concurrency: config.DISPATCHER_CONCURRENCY });

  let mailing = true;
  const isBusy = (): boolean => mailing || gate.inFlight() > 0;
  const drained = async (budgetMs: number): Promise<boolean> => {
    for (const until = Date.now() + budgetMs; isBusy() && Date.now() < until; ) await delay(DRAIN_POLL_MS);
    return !isBusy();
  };
  stopOnSignal({
    log,
    deadlineMs: EXIT_DEADLINE_MS,
    async stop() {
      intake.stop();
      void notifier.stop().then(() => {
        mailing = false;
      });
      // Beside the draining, whose time counts from the signal: a round may hang as long as the database does.
      const stopping = Promise.allSettled([workers.quiet(), reconciler.stop(), recoverer.stop(), upkeep.stop()]);
      gate.close();
      if (!(await drained(DRAIN_MS))) {
        deps.interrupt.abort();
        await drained(RECORD_MS);
      }
      // Without leaving, the others find out in a few seconds.
      const leaving = leaveDispatcher(database, dispatcherId).catch(deps.logError('leaving'));
      const ending = Promise.allSettled([stopping, leaving]);
      await Promise.all([workers.close(), Promise.race([ending, delay(LEAVE_MS)])]);
      await Promise.race([
        Promise.allSettled([
          producer.close(),
          ...[database, deps.beatDatabase, deps.upkeepDatabase].map(closeDatabase),
        ]),
        delay(CLOSE_MS),
      ]);
      changes.close();
      health.close();
    },
  });
}

start().catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const told = [SettingsError, MissingSecretsKeyError, NoSessionLimitsError].some((kind) => error instanceof kind);
  if (told && error instanceof Error) console.error(error.message);
  else if (taken) console.error(`The port is taken: set DISPATCHER_PORT to a free one (${String(error)})`);
  else console.error(error);
  process.exit(1);
});
