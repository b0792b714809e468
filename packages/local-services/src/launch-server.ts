import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { processBirth } from './process-birth.ts';
import { type StopStep, stopProcess } from './stop-process.ts';

/** What to run, as whom, and how to end it. `logFile` is emptied first; `recordFile` lets a later start find a leftover. */
export interface ServerCommand {
  name: string;
  file: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | undefined;
  logFile: string;
  recordFile: string;
  stopSteps: StopStep[];
}

/** A server that was started. `exited` resolves with a sentence when it has ended, whoever ended it. */
export interface LaunchedServer {
  pid: number;
  exited: Promise<string>;
  hasExited(): boolean;
  stop(): Promise<void>;
}

/**
 * Starts a server in a session of its own, so that Ctrl-C in a terminal reaches the launcher alone and the launcher
 * decides in which order things stop. Its output goes to a file, not a pipe: it must survive the launcher's death.
 * Throws when the program cannot be executed.
 */
export async function launchServer(command: ServerCommand): Promise<LaunchedServer> {
  const child = spawnDetached(command);
  const pid = await spawned(child, command);
  writeFileSync(command.recordFile, JSON.stringify({ pid, birth: processBirth(pid) }));
  let ended = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      rmSync(command.recordFile, { force: true });
      resolve(`${command.name} ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`);
    });
  });
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopProcess(pid, command.stopSteps, () => ended));
  return { pid, exited, hasExited: () => ended, stop };
}

function spawnDetached(command: ServerCommand): ChildProcess {
  const output = openSync(command.logFile, 'w', 0o600);
  try {
    return spawn(command.file, command.args, {
      cwd: command.cwd,
      detached: true,
      stdio: ['ignore', output, output],
      ...(command.env && { env: command.env }),
      ...command.user,
    });
  } finally {
    closeSync(output);
  }
}

function spawned(child: ChildProcess, command: ServerCommand): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command.name} could not be started: ${error.message}`)));
    child.once('spawn', () => resolve(child.pid as number));
  });
}
