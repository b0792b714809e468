import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const store = fileURLToPath(new URL('../../packages/store/dist/', import.meta.url));
const COMMANDS = ['migrate', 'rotate-secrets', 'verify-audit'];

const run = (command: string, env: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve) => {
    const file = `${store}${command}-main.js`;
    execFile(process.execPath, [file], { env: { PATH: process.env['PATH'], ...env } }, (error, stdout, stderr) =>
      resolve(`exit ${error ? (error.code ?? error.signal) : 0}\n${stdout}${stderr}`),
    );
  });

/** Runs every command of the operator, one after the other. @returns what each wrote, both streams, by a name for it */
export async function runCommands(
  circumstances: string,
  env: Readonly<Record<string, string>>,
): Promise<Map<string, string>> {
  const written = new Map<string, string>();
  for (const command of COMMANDS) written.set(`${command}, ${circumstances}`, await run(command, env));
  return written;
}
