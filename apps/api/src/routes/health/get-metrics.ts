import type { Deps } from '../../deps.ts';
import type { Answer } from '../../http/answer.ts';

/** `GET /metrics`: Prometheus text. */
export const getMetrics = async (_call: unknown, { metrics }: Pick<Deps, 'metrics'>): Promise<Answer> => ({
  status: 200,
  text: { type: metrics.contentType, content: await metrics.metrics() },
});
