import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { type SignInput, sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';

// examples/receiver-express/receiver.mjs, as a real process over HTTP.
const root = join(import.meta.dirname, '../../..');
const [SECRET, OTHER] = ['whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0', 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXI='];
const BODY = '{"type":"domain.verified","jobId":null,"data":{"name":"Zoë"},"sent_at":"2026-11-21T10:00:00.000Z"}';
const START_TRIES = 200;
let receiver: ChildProcess;
let url: string;
let output = '';

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/webhooks`;
  receiver = spawn(process.execPath, ['examples/receiver-express/receiver.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), SIGNING_SECRET: `${SECRET},${OTHER}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  receiver.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (let tries = 0; tries < START_TRIES && !(await answers()); tries += 1) await delay(25);
});
afterAll(() => void receiver.kill());

const answers = () =>
  fetch(url).then(
    () => true,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const now = () => Math.floor(Date.now() / 1_000);

async function deliver(over: Partial<SignInput> = {}, sent = BODY) {
  const input = anAttempt({ body: BODY, timestamp: now(), secret: SECRET, ...over });
  const headers = {
    'Content-Type': 'application/json',
    'X-Posthorn-Event': 'evt_1',
    ...sign(connectDomain.signature, input),
  };
  const answer = await fetch(url, { method: 'POST', headers, body: sent });
  return [answer.status, await answer.text()];
}

test('The example accepts what is signed with any of its secrets, and says so', async () => {
  expect(await deliver()).toEqual([204, '']);
  expect(await deliver({ secret: OTHER })).toEqual([204, '']);
  expect(output).toBe('verified evt_1 domain.verified\n'.repeat(2));
});

test('It refuses what is not, with the reason', async () => {
  expect(await deliver({ secret: 'another-secret-text' })).toEqual([401, 'wrong_signature']);
  expect(await deliver({}, BODY.replace('Zoë', 'Zoe'))).toEqual([401, 'wrong_signature']);
  expect(await deliver({ timestamp: now() - 400 })).toEqual([401, 'stale_timestamp']);
  const bare = await fetch(url, { method: 'POST', body: BODY });
  expect([bare.status, await bare.text()]).toEqual([401, 'missing_header']);
});
