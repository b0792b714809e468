import type { Endpoint } from '@posthorn/http-api/endpoint';

/** Why nothing can be sent to an endpoint; `null` where it can. @param endpoint null: deleted since; undefined: not known */
export function explainNoReplay(endpoint: Pick<Endpoint, 'status'> | null | undefined): string | null {
  if (endpoint === null) return 'The endpoint was deleted: nothing can be sent to it any more.';
  return endpoint?.status === 'disabled' ? 'The endpoint is disabled: enable it first' : null;
}
