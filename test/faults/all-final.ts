import { expect } from '@jest/globals';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import type { StartedProcess } from '@posthorn/testkit/start-process';
import type { Receiver } from '@posthorn/testkit/start-receiver';
import { countOpen } from './check-invariants.ts';

/** What is looked at when a run does not come to its end. */
export interface Scene {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly processes: readonly StartedProcess[];
  readonly receivers: readonly Receiver[];
}

/** Lines of each process's output that are shown, from the end. */
const SHOWN_LINES = 40;
const ASK_MS = 5_000;

const QUESTIONS = {
  deliveries: `SELECT status, parked, lease_token IS NOT NULL AS leased, lease_until < now() AS lease_over, due_at <= now() AS due,
    attempts, count(*)::int AS n, max(now() - due_at)::text AS longest_due FROM deliveries GROUP BY 1, 2, 3, 4, 5, 6`,
  attempts:
    'SELECT outcome, error, count(*)::int AS n, max(now() - started_at)::text AS first FROM attempts GROUP BY 1, 2',
  claims: 'SELECT count(*)::int AS n, count(*) FILTER (WHERE expires_at < now())::int AS over FROM claims',
  dispatchers: 'SELECT id, (now() - seen_at)::text AS seen FROM dispatchers',
  endpoints: 'SELECT id, status, rate_limit FROM endpoints',
  connections: `SELECT pid, state, wait_event, (now() - query_start)::text AS since, left(query, 80) AS query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`,
};

const within = <Answer>(work: Promise<Answer>): Promise<Answer | string> =>
  Promise.race([
    work.catch(String),
    new Promise<string>((resolve) => setTimeout(() => resolve(`No answer within ${ASK_MS} ms`), ASK_MS)),
  ]);

async function describe({ databaseUrl, redisUrl, processes, receivers }: Scene): Promise<string> {
  const answers = await Promise.all(
    Object.entries(QUESTIONS).map(async ([what, sql]) => [what, await within(runSql(databaseUrl, sql))] as const),
  );
  const keys = await within(commandRedis(redisUrl, 'KEYS', '*'));
  const health = await Promise.all(
    processes.map(({ url }) => within(fetch(`${url}/readyz`).then((answer) => answer.text()))),
  );
  return [
    ...answers.map(([what, rows]) => `${what}: ${JSON.stringify(rows, null, 1)}`),
    `Redis: ${JSON.stringify(keys).slice(0, 2_000)}`,
    `requests: ${receivers.map(({ requests, load }) => `${requests.length} (${load.now} under way)`).join(', ')}`,
    ...processes.map(
      (each, index) =>
        `process ${each.pid}, ready: ${health[index]}\n${each.output().trim().split('\n').slice(-SHOWN_LINES).join('\n')}`,
    ),
  ].join('\n\n');
}

/**
 * Waits until no delivery is open any more.
 *
 * @throws with all that rows, queue, receivers and processes show, since a rare failure may not come again
 */
export async function allFinal(scene: Scene, timeoutMs: number): Promise<void> {
  await eventually(async () => expect(await countOpen(scene.databaseUrl)).toBe(0), timeoutMs).catch(
    async (error: unknown) => {
      throw new Error(`${String(error)}\n\n${await describe(scene)}`, { cause: error });
    },
  );
}
