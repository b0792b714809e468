import type { Readiness } from '@posthorn/http-api/health';
import { pingDatabase } from '@posthorn/store/open-database';
import type { Deps } from '../../deps.ts';
import type { Answer } from '../../http/answer.ts';

const PROBE_BUDGET_MS = 2_000;

async function probe(ping: () => Promise<void>): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'failed'>((resolve) => {
    timer = setTimeout(() => resolve('failed'), PROBE_BUDGET_MS);
  });
  const answered = ping().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  const result = await Promise.race([answered, late]);
  clearTimeout(timer);
  return result;
}

/** `GET /readyz`: database and queue answer, each within a bounded time. */
export async function getReadyz(
  _call: unknown,
  { database: handle, producer }: Pick<Deps, 'database' | 'producer'>,
): Promise<Answer> {
  const [database, queue] = await Promise.all([probe(() => pingDatabase(handle)), probe(() => producer.ping())]);
  const ready = database === 'ok' && queue === 'ok';
  const body: Readiness = { status: ready ? 'ready' : 'not_ready', checks: { database, queue } };
  return { status: ready ? 200 : 503, body };
}
