import type { Deps } from '../../deps.ts';
import type { Answer } from '../../http/answer.ts';

/** `GET /metrics`: Prometheus text. */
export const getMetrics = async (_call: unknown, { readMetrics }: Pick<Deps, 'readMetrics'>): Promise<Answer> => ({
  status: 200,
  text: await readMetrics(),
});
