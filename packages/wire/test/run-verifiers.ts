import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type VerifierLanguage, verifierLanguages } from '../src/verifiers/write-verifier.ts';
import { toolchains, type VerifierCode } from './verifier-toolchains.ts';

/** One call of a verifier. */
export interface VerifierCall {
  /** Its place in the list of codes. */
  readonly verifier: number;
  readonly body: string | Buffer;
  /** Names in lower case; values as node:http has them, a character for each byte. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Secrets, or public keys. */
  readonly keys: readonly string[];
  readonly now: number;
}

/** What a call returned, or the error that it threw as text. */
export type Verdict = boolean | string;

const TIMEOUT_MS = 240_000;

const isPresent = ([command, ...args]: readonly [string, ...string[]]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Every language, with a name that says it where this machine cannot run it: its tests are skipped then. */
export const languagesHere = verifierLanguages.map(({ language, name }) => {
  const isHere = isPresent(toolchains[language].probe);
  return {
    language,
    name: isHere ? name : `${name}, which this machine does not have`,
    isHere,
    hasKeyPairs: isHere && isPresent(toolchains[language].keyPairProbe),
  };
});

const toBase64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');

/** Calls as JSON, with bytes in base64. */
const writeCalls = (calls: readonly VerifierCall[]): string =>
  JSON.stringify(
    calls.map((call) => {
      const sent = Object.entries(call.headers).filter(([, value]) => value !== undefined);
      const headers = sent.map(([name, value]) => [name, Buffer.from(String(value), 'latin1').toString('base64')]);
      const { verifier, keys, now } = call;
      return { verifier, body: toBase64(call.body), headers: Object.fromEntries(headers) as object, keys, now };
    }),
  );

/** Runs all calls in one process of the language, each verifier in a file as it stands. */
export function runVerifiers(
  language: VerifierLanguage,
  codes: readonly VerifierCode[],
  calls: readonly VerifierCall[],
): Verdict[] {
  const { file, program, command } = toolchains[language];
  const folder = mkdtempSync(join(tmpdir(), `posthorn-${language}-`));
  try {
    const files = [...codes.map((code, index) => file(index, code)), ...Object.entries(program(codes))];
    for (const [path, text] of files) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [executable, ...args] = command;
    const env = { ...process.env, GOFLAGS: '', GOPROXY: 'off', GOWORK: 'off', GOTOOLCHAIN: 'local' };
    const run = spawnSync(executable, args, {
      cwd: folder,
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
      input: writeCalls(calls),
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (run.status !== 0) throw new Error(`${language} ended with ${run.status ?? run.signal}: ${run.stderr}`);
    return JSON.parse(run.stdout) as Verdict[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
