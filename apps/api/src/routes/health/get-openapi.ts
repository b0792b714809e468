import type { Deps } from '../../deps.ts';
import type { Answer } from '../../http/answer.ts';

/** `GET /openapi.json`: made from the schemas that validate requests. */
export const getOpenapi = (_call: unknown, { openapi }: Pick<Deps, 'openapi'>): Answer => ({
  status: 200,
  text: { type: 'application/json; charset=utf-8', content: openapi() },
});
