import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepSecret } from '@posthorn/local-services/keep-secret';
import { lockDataDir } from '@posthorn/local-services/lock-data-dir';
import { NODE_FLAGS } from '@posthorn/local-services/node-flags';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import { readDemoRecord } from './demo/demo-record.ts';
import { runDemo } from './demo/run-demo.ts';
import { startReceiver } from './demo/start-receiver.ts';
import { ensurePortFree } from './ensure-port-free.ts';
import { keepRunning } from './keep-running.ts';
import type { Environment, LocalConfig } from './read-config.ts';
import { runMigrations } from './run-migrations.ts';
import { type RunningApp, startApp } from './start-app.ts';
import { type Listeners, startDatabases } from './start-databases.ts';
import type { StopStack } from './stop-stack.ts';

const KEY_BYTES = 32;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Who hears of progress, where started parts go, and when to start nothing more. */
export interface LocalParts extends Listeners {
  stack: StopStack;
  stopping: AbortSignal;
}

/** What to tell the user at the end. */
export interface LocalSummary {
  consoleUrl: string;
  demoKey: string | undefined;
  operatorKeyPlace: string;
}

/**
 * Brings everything up, a step after the other, and pushes each part to the stack so that it can be stopped.
 * Throws a message that says what to do when a step fails, and `stopping`'s reason when that is given meanwhile.
 */
export async function runLocal(config: LocalConfig, parts: LocalParts): Promise<LocalSummary> {
  const { say, stack, stopping } = parts;
  const { dataDir } = config;
  stack.push({ name: 'lock', stop: await lockDataDir(dataDir) });
  await ensurePortFree(config.port, 'PORT');
  await ensurePortFree(config.dispatcherPort, 'DISPATCHER_PORT');
  const adminApiKey = config.adminApiKey ?? keepSecret(join(dataDir, 'admin-api-key'), makeOperatorKey);
  const secretsKey = config.secretsKey ?? keepSecret(join(dataDir, 'secrets-key'), makeSecretsKey);
  const { databaseUrl, redisUrl, started } = await startDatabases(config, parts);
  for (const part of started) stack.push(part);
  stopping.throwIfAborted();
  const keys = { ADMIN_API_KEY: adminApiKey, SECRETS_KEY: secretsKey };
  const environment = { ...config.childEnvironment, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, ...keys };
  await runMigrations(join(ROOT, 'packages/store/dist/migrate-main.js'), environment);
  say('The database is up to date');
  const consoleUrl = `http://localhost:${config.port}/`;
  const receiver = config.demo
    ? await startReceiver(connectDomain.signature, readDemoRecord(dataDir).receiverPort)
    : undefined;
  if (receiver) stack.push({ name: 'The sample receiver', stop: receiver.stop });
  stopping.throwIfAborted();
  await startApps(config, parts, environment);
  stopping.throwIfAborted();
  const operator = { url: `http://127.0.0.1:${config.port}`, key: adminApiKey };
  const demoKey = receiver && (await runDemo({ dataDir, operator, receiver, say }));
  const operatorKeyPlace = config.adminApiKey === undefined ? join(dataDir, 'admin-api-key') : 'ADMIN_API_KEY';
  return { consoleUrl, demoKey, operatorKeyPlace };
}

/** As people are told of them. */
const appNames = { api: 'The API', dispatcher: 'The dispatcher' } as const;

async function startApps(config: LocalConfig, parts: LocalParts, environment: Environment): Promise<void> {
  const dispatcher = keepApp(parts, environment, 'dispatcher', config.dispatcherPort);
  const api = keepApp(parts, environment, 'api', config.port);
  const [first, second] = await Promise.allSettled([dispatcher, api]);
  // In this order, so that the API, which takes work in, stops first.
  for (const result of [first, second]) if (result.status === 'fulfilled') parts.stack.push(result.value);
  for (const result of [first, second]) if (result.status === 'rejected') throw result.reason;
}

async function keepApp(
  { say, giveUp, stopping }: LocalParts,
  environment: Environment,
  app: keyof typeof appNames,
  port: number,
) {
  const name = appNames[app];
  const file = join(ROOT, `apps/${app}/dist/main.js`);
  let current: RunningApp | undefined;
  const readyUrl = `http://127.0.0.1:${port}/readyz`;
  const start = async () => {
    current = await startApp({ name, flags: NODE_FLAGS[app], file, environment, readyUrl, stopping });
    return current;
  };
  const { stop } = await keepRunning({ name, start, say, giveUp });
  say(`${name} is ready on port ${port}`);
  return { name, stop, kill: () => current?.kill() };
}

function makeOperatorKey(): string {
  return `operator_${randomBytes(KEY_BYTES).toString('base64url')}`;
}

function makeSecretsKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}
