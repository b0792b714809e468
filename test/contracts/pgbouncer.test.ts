// Everything through a PgBouncer in transaction mode, with far fewer connections than the processes ask for.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { runMigrations } from '@posthorn/testkit/run-migrations';
import { runSql } from '@posthorn/testkit/run-sql';
import { type PgBouncer, startPgbouncer } from '@posthorn/testkit/start-pgbouncer';
import { type StartedProcess, startProcess, TEST_ADMIN_KEY } from '@posthorn/testkit/start-process';
import { startReceiver } from '@posthorn/testkit/start-receiver';
import { withDatabase } from '@posthorn/testkit/with-database';

/** Connections to PostgreSQL; an API and two dispatchers ask for 34. */
const POOL_SIZE = 4;
const EVENTS = 200;
const role = `pooled_${randomBytes(4).toString('hex')}`;

let direct: string;
let pgbouncer: PgBouncer;
let pooled: string;
const running: StartedProcess[] = [];

beforeAll(async () => {
  const cluster = process.env['TEST_DATABASE_URL'] ?? '';
  await runSql(cluster, `CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  await runSql(cluster, `CREATE DATABASE ${role} OWNER ${role}`);
  const url = new URL(withDatabase(cluster, role));
  [url.username, url.password] = [role, role];
  direct = url.href;
  pgbouncer = await startPgbouncer(direct, POOL_SIZE);
  pooled = `${pgbouncer.url}?pgbouncer=true`;
});
afterAll(async () => {
  await Promise.all(running.map((each) => each.stop('SIGKILL')));
  await pgbouncer.close();
});

async function start(app: 'api' | 'dispatcher', env: Record<string, string>): Promise<StartedProcess> {
  const started = await startProcess(app, { DATABASE_URL: pooled, ...env });
  running.push(started);
  return started;
}

async function sessions(): Promise<number> {
  const [row] = await runSql<{ n: number }>(
    direct,
    'SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = $1 AND pid <> pg_backend_pid()',
    [role],
  );
  return row?.n ?? 0;
}

test('migrations at once take turns, and no lock stays behind on a connection', async () => {
  const said = await Promise.all([1, 2, 3].map(() => runMigrations(pooled)));
  expect(said.filter((line) => line.startsWith('Applied'))).toHaveLength(1);
  expect(said.filter((line) => line === 'The database is up to date')).toHaveLength(2);
  expect(
    await runSql(
      direct,
      `SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND database =
    (SELECT oid FROM pg_database WHERE datname = current_database())`,
    ),
  ).toEqual([]);
});

test('a process ends at once where sessions have no limits, and what it says to do is enough', async () => {
  const REDIS_URL = await claimTestRedis();
  for (const app of ['api', 'dispatcher'] as const) {
    await expect(start(app, { DATABASE_URL: pgbouncer.url, REDIS_URL })).rejects.toThrow(
      'DATABASE_URL leads to a PgBouncer: add pgbouncer=true to its query',
    );
    await expect(start(app, { REDIS_URL })).rejects.toThrow(
      'have no idle_in_transaction_session_timeout, lock_timeout, statement_timeout',
    );
  }
  const refusal = await start('api', { REDIS_URL }).then(() => '', String);
  await runSql(direct, /ALTER ROLE .*ms';/.exec(refusal)?.[0] ?? '');
  await runSql(withDatabase(pgbouncer.url, 'pgbouncer'), 'RECONNECT');
  await eventually(() => start('api', { REDIS_URL }));
});

test('what is accepted is delivered, retried, and found again after its jobs are lost', async () => {
  const REDIS_URL = await claimTestRedis();
  const receiver = await startReceiver(500, 500, 500, 200);
  const api = await start('api', { REDIS_URL });
  const call = async (path: string, body: object, key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${api.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as { api_key: string };
  };
  const { api_key: key } = await call('/v1/tenants', { name: 'Pooled' }, TEST_ADMIN_KEY);
  await call('/v1/webhook-endpoints', { url: receiver.url, events: [] }, key);
  const post = () =>
    Promise.all(
      Array.from({ length: EVENTS }, (_, nth) =>
        call('/v1/events', { type: 'domain.verified', jobId: `job-${nth}`, data: { hostname: 'a.example' } }, key),
      ),
    );
  await post();
  await commandRedis(REDIS_URL, 'FLUSHDB');
  const dispatchers = await Promise.all([1, 2].map(() => start('dispatcher', { REDIS_URL, RETRY_MINUTE_MS: '100' })));
  await post();
  await eventually(async () => {
    expect(await sessions()).toBeLessThanOrEqual(POOL_SIZE);
    const rows = await runSql(
      direct,
      'SELECT status, count(*)::int AS deliveries, sum(attempts)::int AS attempts FROM deliveries GROUP BY 1',
    );
    expect(rows).toEqual([{ status: 'succeeded', deliveries: 2 * EVENTS, attempts: 2 * EVENTS + 3 }]);
  }, 60_000);
  expect(receiver.requests).toHaveLength(2 * EVENTS + 3);
  const ledger = await fetch(`${api.url}/v1/ledger`, { headers: { authorization: `Bearer ${TEST_ADMIN_KEY}` } });
  expect(await ledger.json()).toMatchObject({ balanced: true });
  for (const each of [api, ...dispatchers]) {
    expect(each.output()).not.toMatch(/prepared statement|"level":"error"/);
    expect(await each.stop()).toBe(0);
  }
  await receiver.close();
});
