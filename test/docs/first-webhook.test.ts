import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimPort } from '@posthorn/testkit/claim-port';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { type StartedProcess, startProcess, TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';

// README.md, "The first webhook in one minute": its commands are run as they stand there, on free ports.
const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = /## The first webhook in one minute\n([^]*?)\n## /.exec(readme)?.[1] ?? '';
const [register = '', receive = '', post = ''] = [...section.matchAll(/```sh\n([^]*?)```/g)].map(
  ([, code = '']) => code,
);

/** What the page uses of curl, for machines that have none. */
const CURL = `#!/usr/bin/env node
const words = process.argv.slice(2);
const valuesOf = (flag) => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []));
const headers = Object.fromEntries(valuesOf('-H').map((line) => line.split(/: (.*)/s).slice(0, 2)));
const [body] = valuesOf('-d');
const url = words.find((word) => word.startsWith('http'));
fetch(url, { method: body ? 'POST' : 'GET', headers, body }).then(async (answer) => console.log(await answer.text()));
`;
const folder = mkdtempSync(join(tmpdir(), 'posthorn-readme-'));
let api: StartedProcess;
let dispatcher: StartedProcess;
let receiver: ChildProcess | undefined;
let receiverPort: number;
let received = '';

beforeAll(async () => {
  writeFileSync(join(folder, 'curl'), CURL);
  chmodSync(join(folder, 'curl'), 0o755);
  const environment = { DATABASE_URL: await createTestDatabase(), REDIS_URL: await claimTestRedis() };
  [api, dispatcher] = await Promise.all([startProcess('api', environment), startProcess('dispatcher', environment)]);
  receiverPort = await claimPort();
});
afterAll(async () => {
  receiver?.kill();
  await Promise.all([api.stop(), dispatcher.stop()]);
  rmSync(folder, { recursive: true });
});

const localised = (commands: string): string =>
  commands.replaceAll('http://localhost:8080', api.url).replaceAll('127.0.0.1:4000', `127.0.0.1:${receiverPort}`);

async function sh(commands: string, key: string): Promise<Record<string, unknown>[]> {
  const script = localised(commands).replace(/^KEY=.*$/m, '');
  const env = { ...process.env, PATH: folder + delimiter + process.env['PATH'], KEY: key };
  const { stdout } = await promisify(execFile)('sh', ['-ec', script], { cwd: root, env });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function makeTenant(): Promise<string> {
  const answer = await fetch(`${api.url}/v1/tenants`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TEST_ADMIN_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'README' }),
  });
  return ((await answer.json()) as { api_key: string }).api_key;
}

/** The page's own command, with the secret that the answer showed. */
function startReceiver(secret: string): void {
  const [, words = ''] = /^SIGNING_SECRET=\S+ (node .*)$/m.exec(receive) ?? [];
  const env = { ...process.env, SIGNING_SECRET: secret, PORT: String(receiverPort) };
  receiver = spawn(process.execPath, words.split(' ').slice(1), {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  receiver.stdout?.on('data', (chunk: Buffer) => (received += chunk.toString()));
}

test('The commands of the README deliver a webhook that the example receiver verifies', async () => {
  const key = await makeTenant();
  const [endpoint] = await sh(register, key);
  expect(endpoint).toMatchObject({ url: `http://127.0.0.1:${receiverPort}/webhooks`, status: 'enabled' });
  startReceiver(String(endpoint?.['signing_secret']));
  const url = `http://127.0.0.1:${receiverPort}/webhooks`;
  await eventually(async () => (await fetch(url, { method: 'POST' })).status === 401);

  const [event, list] = await sh(post, key);
  expect(event).toMatchObject({ type: 'domain.verified', jobId: 'job-1', deliveries: 1 });
  expect(list).toMatchObject({ data: [{ event_id: event?.['id'], jobId: 'job-1' }] });
  await eventually(() => received.includes(`verified ${String(event?.['id'])} domain.verified`));
});
