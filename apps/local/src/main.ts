// What npm start runs. Stopping: API → dispatcher (drains up to 15 s) → sample receiver → Redis → PostgreSQL → exit 0.
import { SettingsError } from '@posthorn/runtime/read-settings';
import { readConfig } from './read-config.ts';
import { type LocalSummary, runLocal } from './run-local.ts';
import { createStopStack } from './stop-stack.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// One Ctrl-C arrives twice under npm: from the terminal, and handed on by npm. A later one is a second press.
const SAME_PRESS_MS = 1_000;
const START_SETTLE_MS = 10_000;
const PARENT_CHECK_EVERY_MS = 1_000;
const FORCED_EXIT_CODE = 130;

const say = (line: string) => console.log(`posthorn: ${line}`);
const stack = createStopStack(say);
const stopping = new AbortController();
let started: Promise<unknown> = Promise.resolve();
let stopSince: number | undefined;

async function stop(exitCode: number): Promise<void> {
  stopSince = Date.now();
  stopping.abort(new Error('stopped'));
  await Promise.race([started.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, START_SETTLE_MS))]);
  const clean = await stack.stopAll();
  say(clean ? 'stopped' : 'stopped, but not everything cleanly');
  process.exit(clean ? exitCode : 1);
}

function onSignal(): void {
  if (stopSince === undefined) {
    say('stopping (press Ctrl-C again to force it)');
    void stop(0);
  } else if (Date.now() - stopSince > SAME_PRESS_MS) {
    say('forced to stop');
    stack.killAll();
    process.exit(FORCED_EXIT_CODE);
  }
}

function fail(reason: string): void {
  if (stopSince !== undefined) return;
  console.error(`posthorn: ${reason}`);
  void stop(1);
}

// Some shells that npm starts us through do not hand signals on: when they die, npm start was stopped.
function watchParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stopSince === undefined && onSignal(), PARENT_CHECK_EVERY_MS).unref();
}

function report({ consoleUrl, demoKey, operatorKeyPlace }: LocalSummary): void {
  const seconds = (performance.now() / 1000).toFixed(1);
  say(`The operator's key is in ${operatorKeyPlace}`);
  if (demoKey !== undefined) say(`API key of the demo tenant: ${demoKey}`);
  say(`Console: ${consoleUrl}  (ready in ${seconds} s, Ctrl-C stops everything)`);
}

for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
if (process.env['npm_lifecycle_event'] !== undefined) watchParent();
const run = async () =>
  report(await runLocal(readConfig(process.env), { say, stack, stopping: stopping.signal, giveUp: fail }));
started = run();
started.catch((error: unknown) => {
  const debug = process.env['LOG_LEVEL'] === 'debug' && !(error instanceof SettingsError);
  fail(String(error instanceof Error ? (debug ? error.stack : error.message) : error));
});
