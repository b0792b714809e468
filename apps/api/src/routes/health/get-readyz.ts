import type { Deps } from '../../deps.ts';
import type { Answer } from '../../http/answer.ts';

/** `GET /readyz`: database and queue answer, each within a bounded time. */
export async function getReadyz(_call: unknown, { readReadiness }: Pick<Deps, 'readReadiness'>): Promise<Answer> {
  const body = await readReadiness();
  return { status: body.status === 'ready' ? 200 : 503, body };
}
