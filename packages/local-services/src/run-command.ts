import { execFile } from 'node:child_process';

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** How a command ended. `code` is null when it could not be started, ran into its time limit or was killed. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Limits and surroundings of a command; `timeoutMs` is a hard end. */
export interface CommandOptions {
  timeoutMs: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | undefined;
}

/** Runs a program without a shell and returns how it ended. Never throws: a program that is missing has code null. */
export function runCommand(file: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  const { timeoutMs, user, ...rest } = options;
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { ...rest, ...user, encoding: 'utf8', timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        const reason = error?.killed ? `stopped after ${timeoutMs} ms\n` : code === null ? `${error?.message}\n` : '';
        resolve({ code, stdout, stderr: stderr + reason });
      },
    );
  });
}
