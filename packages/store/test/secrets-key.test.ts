import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ARRANGED_SECRET, type Arranged, arrange } from '@posthorn/testkit/arrange';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { startProcess, TEST_SECRETS_KEY } from '@posthorn/testkit/start-process';
import { startReceiver } from '@posthorn/testkit/start-receiver';
import pg from 'pg';
import { createSecretBox, type SecretBox } from '../src/create-secret-box.ts';
import { checkSecretsKeys } from '../src/operator/check-secrets-keys.ts';
import { countSealed } from '../src/operator/count-sealed.ts';
import { resealAll } from '../src/operator/reseal-all.ts';
import { sealedColumns, sealedFor } from '../src/sealed-columns.ts';

/** What arranged endpoints are sealed with, and what shall take its place. */
const OLD = TEST_SECRETS_KEY;
const NEW = Buffer.alloc(32, 9).toString('base64');
const oldBox = createSecretBox([OLD]);
const newBox = createSecretBox([NEW]);
const [oldId, newId] = [oldBox.keyIds[0], newBox.keyIds[0]];
const bothBox = (): SecretBox => createSecretBox([NEW, OLD]);

let databaseUrl: string;
let arranged: Arranged;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  arranged = arrange(databaseUrl);
});
afterAll(() => arranged.close());
beforeEach(() => runSql(databaseUrl, 'TRUNCATE tenants CASCADE'));

/** Endpoints with everything that can be sealed. @returns their ids */
async function seal(count: number, box = oldBox): Promise<string[]> {
  const tenantId = await arranged.tenant();
  const ids = await Promise.all(Array.from({ length: count }, () => arranged.endpoint(tenantId, 'https://127.0.0.1/')));
  for (const id of ids) {
    const data = {
      secretSealed: box.seal(`secret of ${id}`, sealedFor(id, 'secret')),
      nextSecretSealed: box.seal(`next of ${id}`, sealedFor(id, 'secret')),
      overlapEndsAt: new Date(),
      headersSealed: box.seal(`headers of ${id}`, sealedFor(id, 'headers')),
      clientCertificate: 'PEM',
      clientSummary: '{}',
      clientKeySealed: box.seal(`key of ${id}`, sealedFor(id, 'client-key')),
    };
    await arranged.database.endpoint.update({ where: { id }, data });
  }
  return ids;
}

async function open(id: string, box: SecretBox): Promise<string[]> {
  const row = await arranged.database.endpoint.findUniqueOrThrow({ where: { id } });
  return [
    box.open(row.secretSealed, sealedFor(id, 'secret')),
    box.open(row.nextSecretSealed ?? '', sealedFor(id, 'secret')),
    box.open(row.headersSealed ?? '', sealedFor(id, 'headers')),
    box.open(row.clientKeySealed ?? '', sealedFor(id, 'client-key')),
  ];
}
const contentOf = (id: string) => [`secret of ${id}`, `next of ${id}`, `headers of ${id}`, `key of ${id}`];

const script = fileURLToPath(new URL('../dist/rotate-secrets-main.js', import.meta.url));
/** The command as operators run it. */
function runCommand(env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` });
    });
  });
}

test('Every column of the database that holds sealed text is among those that are re-encrypted', async () => {
  const columns = await runSql<{ name: string }>(
    databaseUrl,
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name LIKE '%sealed%' ORDER BY 1`,
  );
  const known = Object.keys(sealedColumns).map((name) => `endpoints.${name}`);
  expect(columns.map(({ name }) => name)).toEqual(known.sort());
});

test('Afterwards the new key alone opens everything, of deleted endpoints too, each for its own place', async () => {
  const ids = await seal(10);
  const [first = ''] = ids;
  await arranged.database.endpoint.update({
    where: { id: first },
    data: { deletedAt: new Date(), status: 'disabled' },
  });
  const { resealed, unopened } = await resealAll(arranged.database, bothBox(), () => undefined);
  expect([resealed, unopened]).toEqual([40, []]);
  expect(await countSealed(arranged.database)).toEqual(new Map([[newId, 40]]));
  for (const id of ids) expect(await open(id, newBox)).toEqual(contentOf(id));
  expect((await resealAll(arranged.database, bothBox(), () => undefined)).resealed).toBe(0);
});

test('Broken off in the middle, it goes on where it was', async () => {
  const ids = await seal(60);
  const broken = resealAll(arranged.database, bothBox(), () => {
    throw new Error('broken off');
  });
  await expect(broken).rejects.toThrow('broken off');
  const between = await countSealed(arranged.database);
  expect([...between.keys()].sort()).toEqual([oldId, newId].sort());
  const { resealed } = await resealAll(arranged.database, bothBox(), () => undefined);
  expect(resealed).toBe(between.get(oldId));
  for (const id of ids) expect(await open(id, newBox)).toEqual(contentOf(id));
});

test('A secret that is rotated meanwhile is kept as it is now, and re-encrypted in turn', async () => {
  const [id = ''] = await seal(1);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  const meanwhile = oldBox.seal('rotated meanwhile', sealedFor(id, 'secret'));
  await client.query('UPDATE endpoints SET secret_sealed = $1 WHERE id = $2', [meanwhile, id]);
  const running = resealAll(arranged.database, bothBox(), () => undefined);
  // It has read the old secret and waits for the row.
  await eventually(async () => {
    const waiting = await runSql(
      databaseUrl,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length === 1;
  });
  await client.query('COMMIT');
  await client.end();
  expect((await running).resealed).toBe(4);
  expect(await open(id, newBox)).toEqual(['rotated meanwhile', ...contentOf(id).slice(1)]);
});

test('Several at once beside writers with either key lose nothing and end with the new key alone', async () => {
  const ids = await seal(40);
  const lastOf = new Map<string, string>();
  let done = false;
  const write = async (box: SecretBox, name: string): Promise<void> => {
    for (let round = 0; !done; round += 1) {
      const id = ids[(round * 7) % ids.length] ?? '';
      const secret = `${name} ${round}`;
      const secretSealed = box.seal(secret, sealedFor(id, 'secret'));
      await arranged.database.endpoint.update({ where: { id }, data: { secretSealed } });
      lastOf.set(id, secret);
    }
  };
  const writing = write(oldBox, 'old');
  await Promise.all(Array.from({ length: 3 }, () => resealAll(arranged.database, bothBox(), () => undefined)));
  done = true;
  await writing;
  await resealAll(arranged.database, bothBox(), () => undefined);
  expect(await countSealed(arranged.database)).toEqual(new Map([[newId, 160]]));
  for (const id of ids) {
    const [, ...rest] = contentOf(id);
    expect(await open(id, newBox)).toEqual([lastOf.get(id) ?? `secret of ${id}`, ...rest]);
  }
});

test('What was altered is told by its place, kept as it is, and hinders nothing else', async () => {
  const [id = '', other = ''] = await seal(2);
  const stolen = oldBox.seal('x', sealedFor(other, 'secret'));
  await arranged.database.endpoint.update({ where: { id }, data: { secretSealed: stolen } });
  const { resealed, unopened } = await resealAll(arranged.database, bothBox(), () => undefined);
  expect(unopened).toEqual([expect.stringMatching(/^ep_\w+ secret_sealed$/)]);
  expect(resealed).toBe(7);
  const row = await arranged.database.endpoint.findUniqueOrThrow({ where: { id } });
  expect(row.secretSealed).toBe(stolen);
});

test('A key that the database needs and nobody configured is known at start; a database that is away is not', async () => {
  await seal(2);
  expect(await checkSecretsKeys(arranged.database, bothBox())).toBeNull();
  await expect(checkSecretsKeys(arranged.database, newBox)).rejects.toThrow(
    `SECRETS_KEY lacks keys that the database needs. Sealed with others, by key id and number: ${oldId} (8). ` +
      `Configured: ${newId}. Put the missing keys back, behind a comma.`,
  );
  const away = arrange('postgresql://nobody@127.0.0.1:1/none');
  expect(await checkSecretsKeys(away.database, newBox)).toBe('the database is away');
  await away.close();
});

test('The whole way: a new key in front, the command beside working processes, the old key away', async () => {
  const redisUrl = await claimTestRedis();
  const receiver = await startReceiver(200);
  const tenantId = await arranged.tenant();
  await arranged.endpoint(tenantId, receiver.url);
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
  const deliver = async (count: number) => {
    const before = receiver.requests.length;
    await arranged.events(tenantId, count);
    await eventually(() => receiver.requests.length === before + count, 30_000);
  };
  const refused = async (app: 'api' | 'dispatcher'): Promise<string> => {
    const started = await startProcess(app, { ...env, SECRETS_KEY: NEW }, 'spawned');
    // A signal that changes nothing: it ends by itself.
    expect(await started.stop('SIGCONT')).toBe(1);
    return started.output();
  };
  expect(await Promise.all([refused('api'), refused('dispatcher')])).toEqual([
    expect.stringMatching(`SECRETS_KEY lacks keys that the database needs.* ${oldId} `),
    expect.stringMatching(`SECRETS_KEY lacks keys that the database needs.* ${oldId} `),
  ]);

  const both = await startProcess('dispatcher', { ...env, SECRETS_KEY: `${NEW},${OLD}` });
  const [{ code, output }] = await Promise.all([
    runCommand({ DATABASE_URL: databaseUrl, SECRETS_KEY: `${NEW}, ${OLD}` }),
    deliver(20),
  ]);
  expect(code).toBe(0);
  expect(output).toContain(`The first key is ${newId}. Sealed so far: 1 with ${oldId}`);
  expect(output).toContain(`Sealed now: 1 with ${newId}`);
  expect(output).toContain('No other key is needed');
  expect(await both.stop()).toBe(0);

  const alone = await startProcess('dispatcher', { ...env, SECRETS_KEY: NEW });
  await deliver(5);
  expect(await alone.stop()).toBe(0);
  for (const { body, headers } of receiver.requests) {
    const text = `${String(headers['x-cd-timestamp'])}.${body}`;
    const signature = createHmac('sha256', ARRANGED_SECRET).update(text).digest('hex');
    expect(headers['x-cd-signature']).toBe(`sha256=${signature}`);
  }
  await receiver.close();

  const wrong = await runCommand({ DATABASE_URL: databaseUrl, SECRETS_KEY: OLD });
  expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining(`Configured: ${oldId}`)]);
  const shown = `${output}${wrong.output}`;
  for (const key of [NEW, OLD]) expect(shown).not.toContain(key.slice(0, 20));
});
