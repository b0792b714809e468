import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { startProcess, TEST_ADMIN_KEY, TEST_SECRETS_KEY } from '@posthorn/testkit/start-process';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let env: Record<string, string>;
beforeAll(async () => {
  env = { DATABASE_URL: await createTestDatabase(), REDIS_URL: await claimTestRedis() };
});

async function runToEnd(settings: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', ...settings } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, 'exit');
  return { code: code as number | null, output };
}

describe('a start that cannot be', () => {
  test('wrong settings: one message that names each, no secret, exit 1', async () => {
    const { code, output } = await runToEnd({ PORT: '99999999', SECRETS_KEY: 'canary', EGRESS_ALLOW: '10.0.0.0/99' });
    expect(code).toBe(1);
    for (const name of ['PORT', 'DATABASE_URL', 'REDIS_URL', 'ADMIN_API_KEY', 'SECRETS_KEY', 'EGRESS_ALLOW'])
      expect(output).toContain(name);
    expect(output).not.toMatch(/canary|at .*\.js/);
  });

  test('a port in use: one line, exit 1', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, output } = await runToEnd({
      ...env,
      PORT: String(port),
      ADMIN_API_KEY: TEST_ADMIN_KEY,
      SECRETS_KEY: TEST_SECRETS_KEY,
    });
    server.close();
    expect([code, output.trim()]).toEqual([1, `Cannot listen on port ${port}: another process uses it`]);
  });
});

describe('SIGTERM', () => {
  test('answers what is under way, takes nothing new, and exits 0 within seconds, kept-alive connections or not', async () => {
    const api = await startProcess('api', env);
    const post = (path: string, body: object) =>
      fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TEST_ADMIN_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post('/v1/tenants', { name: 'kept alive' })).status).toBe(201);
    const underWay = Array.from({ length: 20 }, (_, index) =>
      post('/v1/tenants', { name: `t${index}` }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    const started = Date.now();
    expect(await api.stop()).toBe(0);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect((await Promise.all(underWay)).every((status) => status === 201 || status === 0)).toBe(true);
    expect(api.output()).toContain('stopped');
    expect(api.output()).not.toContain(TEST_ADMIN_KEY);
  });

  test('exits 0 while PostgreSQL and Redis are away', async () => {
    const api = await startProcess(
      'api',
      { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/x', REDIS_URL: 'redis://127.0.0.1:9' },
      'alive',
    );
    expect(await api.stop()).toBe(0);
  });
});
